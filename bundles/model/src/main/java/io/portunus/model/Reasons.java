// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * The sentences of an {@link Explanation}, for one connection. Immutable.
 *
 * @param protocol that it comes by
 * @param listener the listener it reaches, if any
 * @param prelude what was seen of it
 * @param client where it comes from
 * @param chosen where it goes, if anywhere
 */
record Reasons(Protocol protocol, Optional<Listener> listener, Prelude prelude, InetAddress client, Optional<Route> chosen) {
    /** Blocks of addresses that a sentence lists. */
    private static final int LISTED = 3;

    /** Why the connection goes there. */
    String why(Route route) {
        String sentence = switch (route.match()) {
            case PLAIN -> listener.filter(l -> l.routes().size() > 1).isPresent()
                ? "the rules of this port differ by the client's address only; nothing is looked at"
                : "the only rule of this port; nothing is looked at";
            case EXACT -> "the name asked for is the rule's name";
            case WILDCARD -> route.rule().match().name().filter(n -> n.form() == HostPattern.Form.ANY_LABELS).isPresent()
                ? "the name asked for is below the rule's parent, and no rule that is closer takes it"
                : "the name asked for is one label and the rule's parent, and no rule has the exact name";
            case EXPRESSION -> "the name asked for is one that the rule's expression takes";
            case FALLBACK -> prelude.serverName().isPresent()
                ? "no rule of this port that has the name asked for takes it; this one takes " + rest()
                : "the client asks for no name; this rule takes " + rest();
            case REST -> prelude.kind().isEmpty()
                ? "no inspector of this port recognises it, and the rule takes that"
                : "no rule of this port for " + prelude.kind() + " takes it, and this one takes the rest";
            case KIND -> "the first bytes are " + prelude.kind() + ", which the rule wants";
        };
        return sentence + conditions(route.rule().match());
    }

    private String rest() {
        return protocol == Protocol.TCP ? "the rest of TLS" : "the rest";
    }

    private static String conditions(Match match) {
        return (match.alpn().isEmpty() ? "" : "; the client offers an application protocol that it wants")
            + (match.sources().equals(SourceFilter.ANY) ? "" : "; it takes this client");
    }

    /** Why it does not go to a rule of its port. */
    String whyNot(Rule rule) {
        if (!rule.enabled()) {
            return "the rule is not enabled";
        }
        if (listener.isEmpty() || !listener.get().key().bind().equals(rule.bind())) {
            return "it listens on another address";
        }
        Optional<String> unserved = listener.flatMap(its -> its.kindFor(rule).filter(its.unserved()::contains));
        if (unserved.isPresent()) {
            return "nobody who runs recognises " + unserved.get() + ", which it wants; it takes nothing until somebody does";
        }
        return otherKind(rule).or(() -> otherName(rule.match())).or(() -> otherClient(rule.match()))
            .orElseGet(() -> surpassed(rule.match()));
    }

    private Optional<String> otherKind(Rule rule) {
        Optional<String> required = rule.kind(protocol);
        boolean unsaid = required.isEmpty();
        String kind = required.orElse(protocol.fallbackKind());
        if (unsaid && listener.filter(l -> l.inspects().isEmpty()).isPresent() || kind.equals(Match.REST) || kind.equals(prelude.kind())) {
            return Optional.empty();
        }
        return Optional.of(unsaid ? "this port takes TLS only, and no hello was given"
            : "it wants " + required.get() + ", and the first bytes are " + (prelude.kind().isEmpty() ? "not given" : prelude.kind()));
    }

    private Optional<String> otherName(Match match) {
        Optional<HostPattern> wanted = match.name();
        if (wanted.isEmpty() || prelude.serverName().filter(wanted.get()::matches).isPresent()) {
            return Optional.empty();
        }
        return Optional.of("it wants the name " + wanted.get()
            + prelude.serverName().map(asked -> ", not " + asked).orElse(", and the client asks for none"));
    }

    private Optional<String> otherClient(Match match) {
        if (!match.offeredBy(prelude)) {
            return Optional.of("it wants the application protocol " + String.join(" or ", match.alpn()) + ", which the client does not offer");
        }
        SourceFilter sources = match.sources();
        if (sources.admits(client)) {
            return Optional.empty();
        }
        String address = IpLiterals.text(client);
        return Optional.of(SourceFilter.in(sources.deny(), client.getAddress())
            ? "it does not take clients from " + listed(sources.deny()) + ", and this one is " + address
            : "it takes clients from " + listed(sources.allow()) + " only, and this one is " + address);
    }

    private static String listed(List<Cidr> blocks) {
        String first = String.join(", ", blocks.stream().limit(LISTED).map(Cidr::toString).toList());
        return blocks.size() > LISTED ? first + " and " + (blocks.size() - LISTED) + " more" : first;
    }

    /** The rule fits, so another one was found, and before it. */
    private String surpassed(Match match) {
        Rule other = chosen.orElseThrow(() -> new AssertionError("a rule fits, and the connection is refused")).rule();
        Optional<HostPattern> closer = other.match().name();
        if (match.kind().equals(Optional.of(Match.REST)) && !other.match().kind().equals(match.kind())) {
            return "it takes what no other rule takes, and the rule '" + other.name() + "' takes this";
        }
        if (match.name().equals(closer)) {
            return "it would take it too, but the rule '" + other.name() + "' "
                + (other.match().conditional() && !match.conditional() ? "takes such clients before it" : "comes first");
        }
        if (match.name().isEmpty()) {
            return "another rule has the name asked for";
        }
        String verb = switch (match.name().get().form()) {
            case EXACT -> "it has the name";
            case ONE_LABEL, ANY_LABELS -> "it matches as a wildcard";
            case EXPRESSION -> "its expression matches";
        };
        return verb + ", but " + switch (closer.orElseThrow().form()) {
            case EXACT -> "another rule has the exact name";
            case ONE_LABEL, ANY_LABELS -> "the parent of the rule '" + other.name() + "' is closer";
            case EXPRESSION -> "that of the rule '" + other.name() + "' comes first";
        };
    }
}
