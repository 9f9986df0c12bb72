// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import io.portunus.model.RuleDifference.Edit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a difference of two rule sets means for one listener.
 *
 * @param key the listener
 * @param edits those of rules that were or are on it
 * @param after every rule of the newer set
 */
record Amendment(ListenKey key, List<Edit> edits, List<Rule> after) {
    /** The next listener; empty if no rule is left on it. */
    Optional<Listener> of(Optional<Listener> last) {
        List<Rule> next = rules(last.map(Listener::rules).orElse(List.of()));
        if (next.isEmpty()) {
            return Optional.empty();
        }
        return last.flatMap(its -> its.with(edits, next)).or(() -> Optional.of(new Listener(key, next)));
    }

    private List<Rule> rules(List<Rule> last) {
        List<Rule> next = new ArrayList<>(last);
        for (Edit edit : edits) {
            Optional<Rule> older = edit.olderEnabled().filter(rule -> rule.listensOn(key));
            Optional<Rule> newer = edit.newerEnabled().filter(rule -> rule.listensOn(key));
            if (older.isEmpty()) {
                newer.ifPresent(rule -> next.add(placeBehind(next, edit.place()), rule));
            } else {
                int place = place(next, older.get());
                newer.ifPresentOrElse(rule -> next.set(place, rule), () -> next.remove(place));
            }
        }
        return next;
    }

    /** Behind the nearest rule in front of a place of the newer set that is on the listener. Those in front are amended already. */
    private int placeBehind(List<Rule> next, int place) {
        for (int i = place - 1; i >= 0; i--) {
            Rule rule = after.get(i);
            if (rule.enabled() && rule.listensOn(key)) {
                return place(next, rule) + 1;
            }
        }
        return 0;
    }

    private static int place(List<Rule> rules, Rule rule) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).is(rule)) {
                return i;
            }
        }
        throw new AssertionError("a listener has the rules of its set");
    }
}
