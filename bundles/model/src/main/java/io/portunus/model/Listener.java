// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import io.portunus.model.Decision.Refusal;
import io.portunus.model.Decision.Refused;
import io.portunus.model.Decision.Routed;
import io.portunus.model.RuleDifference.Edit;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The routes of one listening socket. A listener either looks at nothing, and its routes differ by the client's address only, or routes by
 * what inspectors recognise: protocols by their kind, and within one, TLS or QUIC first of all, by name. The mode follows from its rules. Exact
 * names and wildcards are hash probes, whatever the number of names; expressions are tried one by one, {@value #MAX_EXPRESSIONS} at most.
 */
public final class Listener {
    /** Most regular expressions on a listener; each that is reached costs the length of the name times its own. */
    public static final int MAX_EXPRESSIONS = 64;
    /** Most rules for some clients only that require the same name, or the same kind without one; they are asked one by one. */
    public static final int MAX_CONDITIONAL = 64;

    private static final Decision NO_MATCHING_NAME = new Refused(Refusal.NO_MATCHING_NAME);
    private static final Decision NO_NAME = new Refused(Refusal.NO_NAME);
    private static final Decision NOT_TLS = new Refused(Refusal.NOT_TLS);
    private static final Decision NOT_RECOGNISED = new Refused(Refusal.NOT_RECOGNISED);
    private static final Decision NO_HANDLER = new Refused(Refusal.NO_HANDLER);
    private static final List<String> TLS_ONLY = List.of(Prelude.TLS);

    private final ListenKey key;
    private final List<Rule> rules;
    private final Choice plain;
    private final Map<String, KindRoutes> byKind;
    private final Choice rest;
    private final List<String> inspects;
    private final Duration peek;
    private final Optional<ProxyTrust> proxyTrust;
    private final Optional<String> transport;
    /** How many of its rules have a target that requires a PROXY header. */
    private final int proxied;
    /** How many of its rules name a policy. */
    private final int limited;
    /** Kinds of the layers that its rules require, sorted; empty on nearly all. */
    private final List<String> layers;
    /** Whether its rules ask for a name in a hello, so that one without a kind takes the rest. */
    private final boolean named;
    /** Kinds that its rules require and that are passed over. */
    private final Set<String> unserved;

    Listener(ListenKey key, List<Rule> rules) {
        this.key = key;
        this.rules = List.copyOf(rules);
        Routing routing = Routing.of(key, this.rules);
        this.plain = routing.plain();
        this.rest = routing.rest();
        this.byKind = routing.byKind();
        this.peek = peek(rules);
        this.proxyTrust = rules.stream().flatMap(r -> r.proxyTrust().stream()).findFirst();
        this.transport = rules.stream().flatMap(r -> r.sockets().transport().stream()).findFirst();
        this.proxied = (int) rules.stream().filter(Listener::proxied).count();
        this.limited = (int) rules.stream().filter(Listener::limited).count();
        this.layers = key.protocol() == Protocol.UDP ? List.of() : rules.stream().flatMap(rule -> rule.layers().kinds()).distinct().sorted().toList();
        this.inspects = byKind.keySet().stream()
            .sorted(Comparator.comparing((String kind) -> !Prelude.isHello(kind)).thenComparing(Comparator.naturalOrder())).toList();
        this.named = ofKind(key.protocol().helloKind()).named();
        this.unserved = Set.of();
    }

    /** The next of a listener, of the same kinds and layers, and of rules that say the same of a PROXY header and the transport. */
    private Listener(Listener last, List<Rule> rules, Routing routing, Duration peek, int proxied, int limited) {
        this.key = last.key;
        this.rules = List.copyOf(rules);
        this.plain = routing.plain();
        this.rest = routing.rest();
        this.byKind = routing.byKind();
        this.peek = peek;
        this.proxyTrust = last.proxyTrust;
        this.transport = last.transport;
        this.proxied = proxied;
        this.limited = limited;
        this.layers = last.layers;
        this.inspects = last.inspects;
        this.named = ofKind(key.protocol().helloKind()).named();
        this.unserved = Set.of();
    }

    /** A listener with some of its kinds passed over. */
    private Listener(Listener whole, Set<String> unserved) {
        this.key = whole.key;
        this.rules = whole.rules;
        this.plain = whole.plain;
        this.rest = whole.rest;
        this.byKind = Routing.without(whole.byKind, unserved);
        this.peek = whole.peek;
        this.proxyTrust = whole.proxyTrust;
        this.transport = whole.transport;
        this.proxied = whole.proxied;
        this.limited = whole.limited;
        this.layers = whole.layers;
        this.inspects = whole.inspects.stream().filter(kind -> !unserved.contains(kind)).toList();
        this.named = whole.named;
        this.unserved = unserved;
    }

    /**
     * The same while nobody recognises some kinds: the routes that require one of these are passed over, as if their rules were not enabled,
     * and the others stay what they are.
     */
    public Listener without(Collection<String> kinds) {
        Set<String> missing = Set.copyOf(inspects.stream().filter(kinds::contains).toList());
        return missing.isEmpty() ? this : new Listener(this, missing);
    }

    /** Whether it has no route left, because nobody recognises what its rules require. */
    public boolean takesNothing() {
        return plain.equals(Choice.NONE) && byKind.isEmpty() && rest.equals(Choice.NONE);
    }

    /** The kind that has to be recognised before one of its rules takes a connection; empty where the rule needs none. */
    public Optional<String> kindFor(Rule rule) {
        return Optional.of(Routing.kind(key, rule, named)).filter(kind -> !kind.isEmpty() && !kind.equals(Match.REST));
    }

    /** Kinds that are passed over. */
    public Set<String> unserved() {
        return unserved;
    }

    /**
     * The same after some edits, where that follows from the listener and the edits alone; else empty.
     *
     * @param edits each of a rule that was or is here
     * @param next the rules after the edits, in their order
     */
    Optional<Listener> with(List<Edit> edits, List<Rule> next) {
        Optional<Routing> routing = Optional.of(new Routing(plain, byKind, rest));
        Duration longest = peek;
        int proxiedNow = proxied;
        int limits = limited;
        for (Edit edit : edits) {
            Optional<Rule> older = edit.older().filter(this::holds);
            Optional<Rule> newer = edit.newer().filter(this::holds);
            if (!Stream.concat(older.stream(), newer.stream()).allMatch(rule -> likeOthers(rule) && rule.layers().equals(Layers.NONE))) {
                return Optional.empty();
            }
            routing = routing.flatMap(its -> its.with(key, older, newer));
            longest = newer.isEmpty() ? longest : later(longest, newer.get().timeouts().peek());
            proxiedNow += more(older, newer, Listener::proxied);
            limits += more(older, newer, Listener::limited);
        }
        Duration most = longest;
        Duration itsPeek = next.stream().anyMatch(rule -> rule.timeouts().peek().equals(most)) ? most : peek(next);
        int itsProxied = proxiedNow;
        int itsLimits = limits;
        return routing.map(its -> new Listener(this, next, its, itsPeek, itsProxied, itsLimits));
    }

    private static int more(Optional<Rule> older, Optional<Rule> newer, Predicate<Rule> counted) {
        return (newer.filter(counted).isPresent() ? 1 : 0) - (older.filter(counted).isPresent() ? 1 : 0);
    }

    /** Whether a rule is on this listener. */
    boolean holds(Rule rule) {
        return rule.enabled() && rule.listensOn(key);
    }

    /** Whether a rule sets what is settled before a rule is known as the rules here do. */
    boolean likeOthers(Rule rule) {
        return rule.proxyTrust().equals(proxyTrust) && rule.sockets().transport().equals(transport);
    }

    /** Whether a target of a rule requires a PROXY header. */
    public static boolean proxied(Rule rule) {
        return rule.targets().targets().stream().anyMatch(target -> target.proxy().isPresent());
    }

    private static boolean limited(Rule rule) {
        return !rule.governance().policies().isEmpty();
    }

    private static Duration peek(List<Rule> rules) {
        return rules.stream().map(rule -> rule.timeouts().peek()).max(Comparator.naturalOrder()).orElse(Timeouts.DEFAULT.peek());
    }

    private static Duration later(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /** The routes of a kind. */
    KindRoutes ofKind(String kind) {
        return byKind.getOrDefault(kind, KindRoutes.NONE);
    }

    /** Address and port. */
    public ListenKey key() {
        return key;
    }

    /** Kinds of the inspectors that must see the prelude before {@link #route}, that of the hello first; empty when none has to. */
    public List<String> inspects() {
        return inspects;
    }

    /** How long the prelude may take from accept until it is known what they are. */
    public Duration peek() {
        return peek;
    }

    /**
     * How long a client may be silent before it is routed as one that waits for the server, the longest that a rule sets; empty where
     * silence ends in a refusal.
     */
    public Optional<Duration> silence() {
        return rest.routes().map(route -> route.rule().match().silence()).max(Comparator.naturalOrder());
    }

    /** Of whom a PROXY header is required before anything else. */
    public Optional<ProxyTrust> proxyTrust() {
        return proxyTrust;
    }

    /** The name of the transport that its rules name; empty where none does. */
    public Optional<String> transport() {
        return transport;
    }

    /** Options of its socket: the rule that is chosen sets what it has otherwise, until then those of the first apply. */
    public SocketTuning tuning() {
        return rules.isEmpty() ? SocketTuning.DEFAULT : rules.getFirst().sockets().downstream();
    }

    /** Whether a target of its rules requires a PROXY header. */
    public boolean writesProxyHeader() {
        return proxied > 0;
    }

    /** Kinds of the policies that its rules name. */
    public Set<String> policies() {
        return limited == 0 ? Set.of()
            : rules.stream().flatMap(rule -> rule.governance().policies().keySet().stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Kinds of the layers that its rules require, sorted. */
    public List<String> layers() {
        return layers;
    }

    /** Its rules, in their order. */
    public List<Rule> rules() {
        return rules;
    }

    /** Every route, in no particular order. */
    public List<Route> routes() {
        return Stream.of(plain.routes(), byKind.values().stream().flatMap(KindRoutes::routes), rest.routes()).flatMap(s -> s).toList();
    }

    /**
     * Where a connection goes. First its kind: exact name, then one label and its parent, then the longest parent, then the expressions in
     * the order of the rules, then what takes every name and none; after that the rule for everything else. Of several rules that require the
     * same, those for some clients only come first, in their order; where none takes the client, the search goes on.
     *
     * @param prelude what was seen of it; {@link Prelude#NONE} when nothing was, or nobody knows what
     * @param client where it comes from
     */
    public Decision route(Prelude prelude, InetAddress client) {
        Decision seen = plain.pick(prelude, client);
        if (!(seen instanceof Routed)) {
            seen = Choice.later(seen, byKind.getOrDefault(prelude.kind(), KindRoutes.NONE).find(prelude, client));
        }
        if (!(seen instanceof Routed)) {
            seen = Choice.later(seen, rest.pick(prelude, client));
        }
        return seen == Choice.NOT_HERE ? refusal(prelude) : seen;
    }

    private Decision refusal(Prelude prelude) {
        if (byKind.containsKey(prelude.kind())) {
            return prelude.serverName().isPresent() ? NO_MATCHING_NAME : NO_NAME;
        }
        if (!unserved.isEmpty()) {
            return NO_HANDLER;
        }
        return inspects.equals(TLS_ONLY) ? NOT_TLS : NOT_RECOGNISED;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Listener that && key.equals(that.key) && plain.equals(that.plain) && byKind.equals(that.byKind)
            && rest.equals(that.rest);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return key + " " + routes();
    }
}
