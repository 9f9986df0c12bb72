// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static java.util.stream.Collectors.joining;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.TargetOutlook;
import io.portunus.model.Decision;
import io.portunus.model.Explanation;
import io.portunus.model.ForwardingTable;
import io.portunus.model.HostPattern;
import io.portunus.model.Hostnames;
import io.portunus.model.IpLiterals;
import io.portunus.model.ListenKey;
import io.portunus.model.Listener;
import io.portunus.model.Match;
import io.portunus.model.Offer;
import io.portunus.model.PolicySettings;
import io.portunus.model.PortRange;
import io.portunus.model.Prelude;
import io.portunus.model.Protocol;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** What {@code explain} prints: the rule a connection would get, and why each other one of its port is not chosen. */
final class ExplainText {
    static final Syntax SYNTAX = new Syntax("portunus:explain -p PORT [-s NAME] [-k KIND] [-l ALPN,...] [-a SOURCE] [-b BIND] [--plain] [--udp]",
        Set.of("-p", "-s", "-k", "-l", "-a", "-b"), Set.of("--plain", "--udp"), 0);

    private ExplainText() {
    }

    /**
     * What runs now.
     *
     * @param missing inspectors and policies that do not run
     * @param outlook where a flow would go, if somebody knows
     * @param servedBy who serves what a listener needs
     */
    record Running(Set<Offer> missing, BiFunction<Route, InetAddress, Optional<TargetOutlook>> outlook,
            BiFunction<Listener, InetAddress, Map<String, String>> servedBy) {
        static Running of(ForwardingEngine engine) {
            return new Running(engine.unserved(), engine::outlook, engine::servedBy);
        }
    }

    /** Asks the same pure function that routes connections. */
    static String render(ForwardingTable table, Running running, String... args) {
        Syntax.Typed typed = SYNTAX.parse(args);
        int port = typed.number("-p", 1, PortRange.MAX_PORT).orElseThrow(() -> SYNTAX.refuse("which port? Give -p PORT"));
        Protocol protocol = typed.flags().contains("--udp") ? Protocol.UDP : Protocol.TCP;
        Prelude prelude = prelude(typed, protocol);
        Optional<InetAddress> source = address(typed, "-a");
        Optional<InetAddress> bind = address(typed, "-b");
        InetAddress client = source.orElseGet(InetAddress::getLoopbackAddress);
        Optional<Listener> whole = table.listenerFor(protocol, bind, port, client);
        Optional<Listener> listener = whole.map(its -> its.without(Offer.recognised(running.missing(), protocol)));
        ListenKey asked = new ListenKey(protocol, bind, port);
        Explanation explanation = Explanation.of(table, listener, asked, prelude, client).without(Offer.policies(running.missing()));
        StringBuilder text = new StringBuilder(question(asked, prelude, source)).append('\n')
            .append(answer(explanation.decision()));
        if (explanation.decision() instanceof Decision.Routed(var route)) {
            text.append(limits(route.rule()));
            running.outlook().apply(route, client).ifPresent(now -> text.append("\nnow: ").append(Printable.escape(now(now, route.rule()))));
        }
        if (listener.isEmpty() && bind.isEmpty()) {
            text.append(elsewhere(table, port));
        }
        whole.ifPresent(routes -> text.append(carriers(running.servedBy().apply(routes, client))));
        if (explanation.candidates().isEmpty()) {
            return text.append("\nno rule listens on port ").append(port).append("; 'portunus:rules' lists those that there are").toString();
        }
        TextTable reasons = new TextTable("RULE", "CHOSEN", "WHY");
        explanation.candidates().forEach(c -> reasons.row(c.rule().name(), c.chosen() ? "yes" : "no", c.reason()));
        return text.append('\n').append(reasons.render()).toString();
    }

    private static Prelude prelude(Syntax.Typed typed, Protocol protocol) {
        Optional<String> name = typed.value("-s").map(ExplainText::normalised);
        boolean nothing = protocol == Protocol.UDP && name.isEmpty() && typed.value("-k").isEmpty() && typed.value("-l").isEmpty();
        boolean plain = nothing || typed.flags().contains("--plain");
        if (plain && (name.isPresent() || typed.value("-k").isPresent())) {
            throw SYNTAX.refuse("of a connection with --plain nothing is known, so it excludes -s and -k");
        }
        String kind = plain ? "" : typed.value("-k").orElse(protocol.helloKind());
        if (!plain && !Match.isKind(kind)) {
            throw SYNTAX.refuse("'" + Printable.escape(kind) + "' after -k is no kind of protocol: lower-case letters, digits and dashes");
        }
        List<String> alpn = typed.value("-l").map(text -> List.of(text.split(",", Match.MAX_ALPN))).orElse(List.of());
        return new Prelude(kind, name, alpn, false);
    }

    private static String normalised(String name) {
        String lower = name.strip().toLowerCase(Locale.ROOT);
        String bare = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        if (bare.isEmpty() || bare.length() > HostPattern.MAX_NAME || !bare.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw SYNTAX.refuse("'" + Printable.escape(name) + "' after -s is no name that a TLS client sends: 1 to " + HostPattern.MAX_NAME
                + " ASCII characters, other letters as xn-- (RFC 6066)" + Hostnames.hint(bare));
        }
        return bare;
    }

    private static Optional<InetAddress> address(Syntax.Typed typed, String option) {
        return typed.value(option).map(text -> IpLiterals.parse(text)
            .orElseThrow(() -> SYNTAX.refuse("'" + Printable.escape(text) + "' after " + option + " is no IP address")));
    }

    private static String question(ListenKey to, Prelude prelude, Optional<InetAddress> source) {
        String asks = switch (prelude.kind()) {
            case "" -> to.protocol() == Protocol.UDP ? "" : " without TLS";
            case Prelude.TLS, Prelude.QUIC -> " with " + prelude.kind().toUpperCase(Locale.ROOT) + " for " + prelude.serverName().orElse("no name");
            default -> " with " + prelude.kind() + prelude.serverName().map(n -> " for " + n).orElse("");
        };
        boolean datagram = to.protocol() == Protocol.UDP;
        return Printable.escape((datagram ? "a datagram" : "a connection") + source.map(a -> " from " + IpLiterals.text(a)).orElse("")
            + " to " + to.bind().map(a -> IpLiterals.text(a) + " ").orElse("") + "port " + to.port() + asks);
    }

    private static String answer(Decision decision) {
        return switch (decision) {
            case Decision.Routed(var route) -> "goes to " + Printable.escape(route.targetText() + " by rule " + route.rule().name());
            case Decision.Refused(var reason) -> "is refused: " + reason.phrase();
        };
    }

    private static String now(TargetOutlook now, Rule rule) {
        String targets = String.join(" or ", now.targets());
        if (targets.isEmpty()) {
            return "no target; each is drained, full or failed, as 'portunus:targets -r " + rule.name() + "' tells";
        }
        String picked = now.targets().size() == 1 ? "" : ", by " + rule.targets().pick().text();
        return targets + picked + (now.lastResort() ? ", though failed, since no other is left" : "");
    }

    /** What the rule sets for policies, which have to admit the connection. */
    private static String limits(Rule rule) {
        Map<String, PolicySettings> policies = rule.governance().policies();
        return policies.isEmpty() ? "" : "\nlimited by: " + new TreeMap<>(policies).entrySet().stream()
            .map(its -> Printable.escape(its.getKey() + " " + new TreeMap<>(its.getValue().values()))).collect(joining(", "));
    }

    /** Who serves what the connection needs. */
    private static String carriers(Map<String, String> servedBy) {
        return servedBy.isEmpty() ? "" : "\nserved by: " + servedBy.entrySet().stream()
            .map(its -> Printable.escape(its.getKey() + " " + (its.getValue().isEmpty() ? "nobody" : BundleName.brief(its.getValue()))))
            .collect(joining(", "));
    }

    private static String elsewhere(ForwardingTable table, int port) {
        String bound = table.listeners().stream().filter(l -> l.key().port() == port).map(l -> l.key().toString()).sorted().collect(joining(", "));
        return bound.isEmpty() ? "" : "\nthe port is bound at " + bound + " only; -b BIND asks for such an address";
    }
}
