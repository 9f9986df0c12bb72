// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A decision with its reasons: which rule a connection gets, and why each other rule of its port was not chosen.
 *
 * @param decision what {@link Listener#route} answers for the same connection
 * @param candidates every rule that listens on the port, at whatever address, in the order of the rule set
 */
public record Explanation(Decision decision, List<Candidate> candidates) {
    /** Copies the list. */
    public Explanation {
        candidates = List.copyOf(candidates);
    }

    /**
     * One rule and what became of it.
     *
     * @param rule the rule
     * @param chosen whether the connection goes there
     * @param reason one sentence
     */
    public record Candidate(Rule rule, boolean chosen, String reason) {
    }

    /**
     * The same where some policies do not run: a rule that names one of them refuses the connections that it gets.
     *
     * @param policies kinds of those that do not
     */
    public Explanation without(Set<String> policies) {
        Optional<String> missing = decision instanceof Decision.Routed routed
            ? routed.route().rule().governance().policies().keySet().stream().filter(policies::contains).sorted().findFirst() : Optional.empty();
        return missing.map(kind -> new Explanation(new Decision.Refused(Decision.Refusal.POLICY_MISSING), candidates.stream()
            .map(its -> its.chosen() ? new Candidate(its.rule(), true, its.reason() + "; the policy '" + kind
                + "' that it names does not run, so the connection is refused") : its).toList())).orElse(this);
    }

    /**
     * Explains a connection.
     *
     * @param table the table to route by
     * @param listener the listener the connection reaches, if any
     * @param asked protocol and port that it comes to; the address counts for nothing here
     * @param prelude what was seen of it
     * @param client where it comes from
     */
    public static Explanation of(ForwardingTable table, Optional<Listener> listener, ListenKey asked, Prelude prelude, InetAddress client) {
        Decision decision = listener.map(l -> l.route(prelude, client)).orElse(new Decision.Refused(Decision.Refusal.NO_LISTENER));
        Optional<Route> chosen = decision instanceof Decision.Routed routed ? Optional.of(routed.route()) : Optional.empty();
        Reasons reasons = new Reasons(asked.protocol(), listener, prelude, client, chosen);
        List<Candidate> candidates = new ArrayList<>();
        for (Rule rule : table.rules().rules()) {
            if (!rule.protocols().has(asked.protocol()) || rule.listen().stream().noneMatch(range -> range.contains(asked.port()))) {
                continue;
            }
            boolean hit = chosen.filter(r -> r.rule().equals(rule)).isPresent();
            candidates.add(new Candidate(rule, hit, hit ? reasons.why(chosen.get()) : reasons.whyNot(rule)));
        }
        return new Explanation(decision, candidates);
    }
}
