// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Routing once more, rule by rule and with other means, to compare with. */
record ReferenceRouter(List<Rule> rules) {
    private enum Verdict {
        FITS, SOURCE, NO
    }

    String route(Prelude prelude, InetAddress client) {
        Optional<Rule> best = rules.stream().filter(rule -> verdict(rule, prelude, client) == Verdict.FITS).min(Comparator
            .comparingInt(this::rank).thenComparingInt(this::place).thenComparing(rule -> !rule.match().conditional())
            .thenComparingInt(rules::indexOf));
        if (best.isPresent()) {
            return best.get().name();
        }
        if (rules.stream().anyMatch(rule -> verdict(rule, prelude, client) == Verdict.SOURCE)) {
            return "SOURCE_DENIED";
        }
        List<String> kinds = rules.stream().map(this::kind).filter(kind -> !kind.equals("any")).distinct().toList();
        if (kinds.contains(prelude.kind())) {
            return prelude.serverName().isPresent() ? "NO_MATCHING_NAME" : "NO_NAME";
        }
        return kinds.equals(List.of("tls")) ? "NOT_TLS" : "NOT_RECOGNISED";
    }

    private String kind(Rule rule) {
        boolean named = rules.stream().anyMatch(r -> r.match().kind().equals(Optional.of("tls")) && r.match().name().isPresent());
        return rule.match().kind().orElse(named ? "tls" : "any");
    }

    private int rank(Rule rule) {
        String pattern = rule.match().name().map(HostPattern::toString).orElse("");
        if (pattern.isEmpty()) {
            return kind(rule).equals("any") ? 2000 : 1500;
        }
        return pattern.startsWith("~") ? 1000 : pattern.startsWith("**.") ? 900 - pattern.length() : pattern.startsWith("*.") ? 1 : 0;
    }

    /** Expressions stand where the first of them is written; other names do not depend on their place. */
    private int place(Rule rule) {
        if (rank(rule) != 1000) {
            return 0;
        }
        return rules.indexOf(rules.stream().filter(r -> r.match().name().equals(rule.match().name()) && kind(r).equals(kind(rule)))
            .findFirst().orElseThrow());
    }

    private Verdict verdict(Rule rule, Prelude prelude, InetAddress client) {
        Match match = rule.match();
        boolean kindFits = kind(rule).equals("any") || kind(rule).equals(prelude.kind());
        boolean nameFits = match.name().isEmpty() || prelude.serverName().isPresent() && fits(match.name().get().toString(),
            prelude.serverName().get());
        boolean alpnFits = match.alpn().isEmpty() || match.alpn().stream().anyMatch(prelude.alpn()::contains);
        if (!kindFits || !nameFits || !alpnFits) {
            return Verdict.NO;
        }
        boolean allowed = match.sources().allow().isEmpty() || match.sources().allow().stream().anyMatch(c -> c.contains(client));
        return allowed && match.sources().deny().stream().noneMatch(c -> c.contains(client)) ? Verdict.FITS : Verdict.SOURCE;
    }

    private static boolean fits(String pattern, String name) {
        String expression = pattern.startsWith("~") ? pattern.substring(1)
            : pattern.startsWith("**.") ? ".+" + Pattern.quote(pattern.substring(2))
            : pattern.startsWith("*.") ? "[^.]+" + Pattern.quote(pattern.substring(1)) : Pattern.quote(pattern);
        return Pattern.matches(expression, name);
    }
}
