// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import io.portunus.model.RuleChecks.Reserved;
import io.portunus.model.RuleDifference.Edit;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether a difference from a set without problems leaves one without problems, as far as that can be seen from the rules that differ and
 * the listeners they are on. A yes is never wrong; what it cannot see is for {@link RuleChecks} to look at, which has the words for it.
 * Two rules conflict by what {@link PortChecks} looks at: whether they are enabled, ports, address, match, PROXY header and transport. So
 * a rule that changes nothing of these stays without conflict. Confined to one thread.
 */
final class HarmlessChange {
    private static final List<InetAddress> ANY_LOCAL = Stream.of("0.0.0.0", "::").flatMap(text -> IpLiterals.parse(text).stream()).toList();

    private final ForwardingTable good;
    private final RuleDifference change;
    /** Rules that hold ports and go, or come back with other claims. */
    private final Set<Rule> leaving = Collections.newSetFromMap(new IdentityHashMap<>());
    /** How many of them each listener has. */
    private final Map<ListenKey, Integer> losses = new HashMap<>();
    /** Ports of listeners on an address of their own; found when it is first asked for. */
    private Optional<BitSet> portsOfAddresses = Optional.empty();

    HarmlessChange(ForwardingTable good, RuleDifference change) {
        this.good = good;
        this.change = change;
    }

    /** Whether that is certain. */
    boolean certain(List<Reserved> reserved) {
        if (!good.rules().is(change.before()) || good.claims(change) > RuleChecks.MAX_CLAIMS || !unique()) {
            return false;
        }
        List<Rule> newer = change.edits().stream().flatMap(edit -> edit.newer().stream()).toList();
        if (!RuleChecks.check(newer, reserved).isEmpty()) {
            return false;
        }
        if (newer.stream().anyMatch(rule -> rule.enabled() && LoopChecks.reaches(good, rule))) {
            return false;
        }
        List<Edit> claiming = change.edits().stream().filter(edit -> !sameClaims(edit)).toList();
        claiming.stream().flatMap(edit -> edit.olderEnabled().stream()).forEach(rule -> {
            leaving.add(rule);
            rule.listenKeys().forEach(key -> losses.merge(key, 1, Integer::sum));
        });
        if (!leaving.isEmpty() && good.rules().rules().stream().anyMatch(rule -> rule.enabled() && LoopChecks.reaches(good, rule))) {
            // What goes may have kept connections from a way on which they come back.
            return false;
        }
        return losses.keySet().stream().allMatch(this::staysAsItIs)
            && claiming.stream().flatMap(edit -> edit.newerEnabled().stream()).allMatch(rule -> rule.listenKeys().allMatch(key -> fits(rule, key)));
    }

    /** Whether ids of rules that came, and names that are new, are their own. Each rule is looked at, so numbers are not boxed. */
    private boolean unique() {
        long[] ids = change.edits().stream().filter(edit -> edit.older().isEmpty()).mapToLong(edit -> edit.newer().orElseThrow().id()).sorted()
            .toArray();
        List<String> given = change.edits().stream().filter(Edit::names).map(edit -> edit.newer().orElseThrow().name()).toList();
        Set<String> names = new HashSet<>(given);
        if (names.size() < given.size() || Arrays.stream(ids).distinct().count() < ids.length) {
            return false;
        }
        int left = ids.length + names.size();
        if (left > 0) {
            for (Rule rule : change.after().rules()) {
                left -= (Arrays.binarySearch(ids, rule.id()) >= 0 ? 1 : 0) + (names.contains(rule.name()) ? 1 : 0);
            }
        }
        return left == 0;
    }

    private static boolean sameClaims(Edit edit) {
        if (edit.older().isEmpty() || edit.newer().isEmpty()) {
            return false;
        }
        Rule older = edit.older().get();
        Rule newer = edit.newer().get();
        return older.enabled() == newer.enabled() && older.protocols() == newer.protocols()
            && older.listen().equals(newer.listen()) && older.bind().equals(newer.bind())
            && older.match().equals(newer.match()) && older.proxyTrust().equals(newer.proxyTrust())
            && older.sockets().transport().equals(newer.sockets().transport());
    }

    /** Whether those that stay on a listener still route by name, if they did: what rules without a kind take depends on it. */
    private boolean staysAsItIs(ListenKey key) {
        return emptied(key) || !named(key) || namedAfterwards(key);
    }

    private boolean emptied(ListenKey key) {
        return good.listener(key).map(listener -> listener.rules().size() == losses.getOrDefault(key, 0)).orElse(true);
    }

    private boolean named(ListenKey key) {
        return good.listener(key).filter(listener -> listener.ofKind(key.protocol().helloKind()).named()).isPresent();
    }

    private boolean namedAfterwards(ListenKey key) {
        return good.listener(key).filter(listener -> listener.ofKind(key.protocol().helloKind()).names() > losses.getOrDefault(key, 0)).isPresent();
    }

    /** Whether a rule gets along with those that stay on a listener; how those that come get along with each other is known. */
    private boolean fits(Rule rule, ListenKey key) {
        if (emptied(key)) {
            return !meetsOtherAddresses(key);
        }
        // A port that is routed by name is part of no range, and has no rival for a name that nobody has.
        return namedAfterwards(key) && rule.sni().filter(name -> free(name, key)).isPresent()
            && good.listener(key).filter(listener -> listener.likeOthers(rule)).isPresent();
    }

    private boolean free(HostPattern name, ListenKey key) {
        return name.form() != HostPattern.Form.EXPRESSION && good.listener(key)
            .map(listener -> listener.ofKind(key.protocol().helloKind()).of(name))
            .filter(choice -> choice.routes().map(Route::rule).allMatch(leaving::contains)).isPresent();
    }

    private boolean meetsOtherAddresses(ListenKey key) {
        if (key.bind().filter(address -> !address.isAnyLocalAddress()).isPresent()) {
            return good.listener(key.at(Optional.empty())).isPresent() || ANY_LOCAL.stream().anyMatch(
                any -> good.listener(key.at(Optional.of(any))).isPresent());
        }
        // The port may have addresses of the other family only; that is for the checks to find out.
        return key.bind().isPresent() && good.listener(key.at(Optional.empty())).isPresent()
            || portsOfAddresses().get(key.port());
    }

    private BitSet portsOfAddresses() {
        if (portsOfAddresses.isEmpty()) {
            BitSet ports = new BitSet();
            // Of all protocols: to be wrong about a port of another costs a check of everything, and nothing else.
            good.keys().stream().filter(key -> key.bind().isPresent()).forEach(key -> ports.set(key.port()));
            portsOfAddresses = Optional.of(ports);
        }
        return portsOfAddresses.get();
    }
}
