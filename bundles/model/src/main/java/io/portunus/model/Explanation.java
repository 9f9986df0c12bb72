// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A decision with its reasons: which rule a connection gets, and why each other rule was not chosen.
 *
 * @param decision what {@link Listener#route} answers for the same connection
 * @param candidates every rule, in the order of the rule set
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
     * Explains a connection.
     *
     * @param table the table to route by
     * @param listener the listener the connection reaches, if any
     * @param port port the connection asks for
     * @param prelude what was seen of it
     */
    public static Explanation of(ForwardingTable table, Optional<Listener> listener, int port, Prelude prelude) {
        Decision decision = listener.map(l -> l.route(prelude)).orElse(new Decision.Refused(Decision.Refusal.NO_LISTENER));
        Optional<Route> chosen = decision instanceof Decision.Routed routed ? Optional.of(routed.route()) : Optional.empty();
        List<Candidate> candidates = new ArrayList<>();
        for (Rule rule : table.rules().rules()) {
            boolean hit = chosen.filter(r -> r.rule().equals(rule)).isPresent();
            candidates.add(new Candidate(rule, hit, hit ? why(chosen.get(), prelude) : whyNot(rule, listener, port, prelude)));
        }
        return new Explanation(decision, candidates);
    }

    private static String why(Route route, Prelude prelude) {
        return switch (route.match()) {
            case PLAIN -> "the only rule of this port; nothing is looked at";
            case EXACT -> "the name asked for is the rule's name";
            case WILDCARD -> "the name asked for is one label and the rule's parent, and no rule has the exact name";
            case FALLBACK -> prelude.serverName().isPresent()
                ? "no rule of this port has the name asked for; this one takes the rest of TLS"
                : "the client asks for no name; this rule takes the rest of TLS";
            case KIND -> "the first bytes are " + prelude.kind() + ", which the rule wants";
        };
    }

    private static String whyNot(Rule rule, Optional<Listener> listener, int port, Prelude prelude) {
        if (!rule.enabled()) {
            return "the rule is not enabled";
        }
        if (rule.listen().stream().noneMatch(r -> r.contains(port))) {
            return "it does not listen on port " + port;
        }
        if (listener.isEmpty() || !listener.get().key().bind().equals(rule.bind())) {
            return "it listens on another address";
        }
        Optional<String> kind = rule.match().kind().filter(k -> !k.equals(prelude.kind()));
        if (kind.isPresent()) {
            return "it wants " + kind.get() + ", and the first bytes are " + (prelude.kind().isEmpty() ? "not given" : prelude.kind());
        }
        if (rule.sni().isEmpty()) {
            return prelude.kind().equals(Prelude.TLS) ? "another rule has the name asked for" : "this port takes TLS only, and no hello was given";
        }
        if (prelude.serverName().isEmpty()) {
            return "it wants the name " + rule.sni().get() + ", and the client asks for none";
        }
        return rule.sni().get().matches(prelude.serverName().get())
            ? "it matches as a wildcard, but another rule has the exact name"
            : "it wants the name " + rule.sni().get() + ", not " + prelude.serverName().get();
    }
}
