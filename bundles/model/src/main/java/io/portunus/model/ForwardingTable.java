// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import io.portunus.model.RuleDifference.Edit;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A rule set compiled for the engine. Routing reads nothing else. */
public final class ForwardingTable {
    /** The table that forwards nothing. */
    public static final ForwardingTable EMPTY = compile(new RuleSet("", List.of()));

    /** Edits up to which the listeners are amended one by one; beyond, making all anew costs less. */
    private static final int MAX_AMENDED = 64;

    private final RuleSet rules;
    private final Index<ListenKey, Listener> listeners;
    /** How many pairs of rule and port there are. */
    private final long claims;
    /** What it was derived from; the older set shares all but a few rules, so it holds no memory to speak of. */
    private final Optional<RuleDifference> last;
    /** Made when it is first asked for: a change of one rule need not. Volatile: any thread may ask, and all make the same. */
    private volatile Optional<List<Listener>> inOrder = Optional.empty();

    private ForwardingTable(RuleSet rules, Optional<RuleDifference> last, Index<ListenKey, Listener> listeners, long claims) {
        this.rules = rules;
        this.last = last;
        this.listeners = listeners;
        this.claims = claims;
    }

    /** Compiles a rule set that has been checked; disabled rules get no listener. */
    public static ForwardingTable compile(RuleSet rules) {
        return compile(rules, Optional.empty(), Listener::new);
    }

    /** Whatever makes a listener of the rules that are on it. */
    private interface Maker {
        Listener listener(ListenKey key, List<Rule> members);
    }

    private static ForwardingTable compile(RuleSet rules, Optional<RuleDifference> change, Maker maker) {
        Map<ListenKey, List<Rule>> byKey = new LinkedHashMap<>();
        long claims = 0;
        for (Rule rule : rules.rules()) {
            if (rule.enabled()) {
                rule.listenKeys().forEach(key -> byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(rule));
                claims += rule.listeners();
            }
        }
        Map<ListenKey, Listener> compiled = new LinkedHashMap<>();
        byKey.forEach((key, members) -> compiled.put(key, maker.listener(key, members)));
        ForwardingTable table = new ForwardingTable(rules, change, Index.of(compiled), claims);
        table.inOrder = Optional.of(List.copyOf(compiled.values()));
        return table;
    }

    /**
     * The table of the newer set of a difference, a set that has been checked: only the listeners of the rules that differ are others. What
     * it costs depends on the difference, and hardly on how many rules there are; of a large one the table is compiled anew.
     *
     * @param change a difference from this table's rules
     */
    public ForwardingTable with(RuleDifference change) {
        if (!rules.is(change.before())) {
            return compile(change.after());
        }
        if (!change.inOrder() || change.edits().size() > MAX_AMENDED) {
            Set<ListenKey> others = change.keys();
            return compile(change.after(), Optional.of(change), (key, members) ->
                listener(key).filter(its -> !others.contains(key)).orElseGet(() -> new Listener(key, members)));
        }
        Map<ListenKey, List<Edit>> byKey = new LinkedHashMap<>();
        change.edits().forEach(edit -> edit.keys().forEach(key -> byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(edit)));
        Map<ListenKey, Optional<Listener>> amended = new LinkedHashMap<>();
        byKey.forEach((key, edits) -> amended.put(key, new Amendment(key, edits, change.after().rules()).of(listener(key))));
        return new ForwardingTable(change.after(), Optional.of(change), amended.isEmpty() ? listeners : listeners.with(amended), claims(change));
    }

    /** How the rules differ from older ones; from those of the table that this one was derived from it is known already. */
    public RuleDifference since(RuleSet older) {
        return last.filter(change -> older.is(change.before())).orElseGet(() -> RuleDifference.between(older, rules));
    }

    /** How many pairs of rule and port there are after a change. */
    long claims(RuleDifference change) {
        return claims + change.edits().stream().mapToLong(edit -> edit.newerEnabled().map(Rule::listeners).orElse(0)
            - edit.olderEnabled().map(Rule::listeners).orElse(0)).sum();
    }

    /** The rule set it was compiled from. */
    public RuleSet rules() {
        return rules;
    }

    /** Every listener, in the order of the rules. */
    public Collection<Listener> listeners() {
        Optional<List<Listener>> known = inOrder;
        if (known.isEmpty()) {
            known = Optional.of(ordered());
            inOrder = known;
        }
        return known.get();
    }

    private List<Listener> ordered() {
        return rules.rules().stream().filter(Rule::enabled).flatMap(rule -> rule.listenKeys().flatMap(key -> listener(key).stream())
            .filter(listener -> listener.rules().getFirst().is(rule))).toList();
    }

    /** The keys of all listeners. */
    Set<ListenKey> keys() {
        return listeners.keySet();
    }

    /** The listener of a key. */
    public Optional<Listener> listener(ListenKey key) {
        return Optional.ofNullable(listeners.get(key));
    }

    /**
     * The listener that a connection, or a datagram, reaches.
     *
     * @param local the address it goes to; if empty, the listener of every address is meant, or the only one of the port
     * @param port the port it goes to
     */
    public Optional<Listener> listenerFor(Protocol protocol, Optional<InetAddress> local, int port) {
        Optional<Listener> ofEveryAddress = listener(new ListenKey(protocol, Optional.empty(), port));
        if (local.isPresent()) {
            Optional<InetAddress> ofFamily = IpLiterals.parse(local.get() instanceof Inet6Address ? "::" : "0.0.0.0");
            return listener(new ListenKey(protocol, local, port)).or(() -> listener(new ListenKey(protocol, ofFamily, port)))
                .or(() -> ofEveryAddress);
        }
        List<Listener> ofThePort = listeners().stream().filter(l -> l.key().protocol() == protocol && l.key().port() == port).toList();
        return ofEveryAddress.or(() -> ofThePort.size() == 1 ? Optional.of(ofThePort.getFirst()) : Optional.empty());
    }

    /**
     * The same where the address of the client is given: of a port that has a listener for each family, that of the client's is meant.
     *
     * @param client where it comes from
     */
    public Optional<Listener> listenerFor(Protocol protocol, Optional<InetAddress> local, int port, InetAddress client) {
        return listenerFor(protocol, local, port).or(() -> local.isPresent() ? Optional.empty()
            : listener(new ListenKey(protocol, IpLiterals.parse(client instanceof Inet6Address ? "::" : "0.0.0.0"), port)));
    }
}
