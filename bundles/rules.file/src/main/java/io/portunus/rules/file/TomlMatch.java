// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.ListShape;
import io.portunus.config.api.TimeBounds;
import io.portunus.config.api.TomlForms;
import io.portunus.config.api.TomlSection;
import io.portunus.model.Cidr;
import io.portunus.model.HostPattern;
import io.portunus.model.Match;
import io.portunus.model.ProblemCode;
import io.portunus.model.Protocols;
import io.portunus.model.RuleCode;
import io.portunus.model.SourceFilter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code sni} and {@code match} of one rule. Confined to one thread. */
final class TomlMatch {
    private static final String SILENCE = "silence";
    private static final String ONE_NAME = "one name in quotes; for several names write a [[rule]] for each, a wildcard as \"*.example.com\","
        + " or an expression as '~(a|b)\\.example\\.com'";
    private static final ListShape BLOCKS = new ListShape(1, SourceFilter.MAX_BLOCKS, "[\"10.0.0.0/8\"]");
    private static final ListShape PROTOCOLS = new ListShape(1, Match.MAX_ALPN, "[\"h2\"]");
    /** RFC 7301 §3.1: a name of an application protocol has a length of one byte. */
    private static final int MAX_PROTOCOL_BYTES = 255;
    private static final TimeBounds SILENT = TimeBounds.of("0s", "10s");

    private final TomlSection match;
    private final boolean named;
    /** The kind in which names are written as sni. */
    private final String hello;

    private TomlMatch(TomlSection match, boolean named, Protocols protocols) {
        this.match = match;
        this.named = named;
        this.hello = protocols.helloKind();
    }

    /** What the rule requires of a connection; empty if something is wrong with it. */
    static Optional<Match> read(TomlSection rule, Protocols protocols) {
        Optional<HostPattern> sni = rule.value("sni", String.class, ONE_NAME).flatMap(text -> pattern(rule, "sni", text));
        boolean readable = sni.isPresent() == rule.has("sni");
        Optional<TomlSection> table = rule.section("match", "match = { kind = \"tls\" }");
        if (table.isPresent()) {
            int before = rule.problems().size();
            Match match = new TomlMatch(table.get(), rule.has("sni"), protocols).read(sni);
            return Optional.of(match).filter(m -> readable && rule.problems().size() == before);
        }
        return readable && !rule.has("match") ? Optional.of(Match.ofSni(protocols, sni)) : Optional.empty();
    }

    private Match read(Optional<HostPattern> sni) {
        match.checkKeys("rule.match");
        Optional<String> kind = match.string("kind").filter(this::isKind);
        Optional<List<String>> alpn = match.list("alpn", PROTOCOLS, TomlMatch::protocol);
        Optional<List<Cidr>> allow = match.list("allow", BLOCKS, TomlForms::block);
        Optional<List<Cidr>> deny = match.list("deny", BLOCKS, TomlForms::block);
        Optional<HostPattern> name = match.value("name", String.class, ONE_NAME).flatMap(text -> pattern(match, "name", text));
        Duration silence = match.time(SILENCE, SILENT).orElse(Match.DEFAULT_SILENCE);
        if (match.empty()) {
            match.problem(ProblemCode.MISSING_KEY, "kind", "the match is empty; write match = { kind = \"tls\" }, or remove it");
        }
        boolean fits = !match.has("kind") && kindMayBeLeftOut() || kind.isPresent() && kindFits(kind.get());
        if (!fits) {
            return Match.ANY;
        }
        boolean ofHello = sni.isPresent() || alpn.isPresent();
        Match plain = new Match(kind.or(() -> ofHello ? Optional.of(hello) : Optional.empty()), sni.or(() -> name), List.of(), SourceFilter.ANY,
            silence);
        return plain.offering(alpn.orElse(List.of())).from(new SourceFilter(allow.orElse(List.of()), deny.orElse(List.of())));
    }

    private boolean kindMayBeLeftOut() {
        if (match.has("name") && (named || match.has("alpn"))) {
            return refuse("name", "the rule is about " + upper() + ", whose names are written as sni; remove the name");
        }
        if (match.has("name")) {
            match.problem(ProblemCode.MISSING_KEY, "kind", "a name is asked for in a protocol; add kind = \"http\", or write the name of a TLS "
                + "connection as sni");
            return false;
        }
        if (match.has(SILENCE)) {
            match.problem(ProblemCode.MISSING_KEY, "kind", "silence is for what no inspector recognises; add kind = \"any\", or remove silence");
        }
        return !match.has(SILENCE);
    }

    private boolean kindFits(String kind) {
        if (named && !kind.equals(hello)) {
            return refuse("kind", "the rule has an sni, and only " + upper() + " has names, not " + TomlSection.echo(kind) + "; keep one of them");
        }
        if (match.has("alpn") && !kind.equals(hello)) {
            return refuse("alpn", "only " + upper() + " offers application protocols, not " + TomlSection.echo(kind) + "; write kind = \"" + hello
                + "\", or remove alpn");
        }
        if (match.has("name") && kind.equals(hello)) {
            return refuse("name", "names of " + upper() + " are written as sni; write it as sni of the rule");
        }
        if (match.has("name") && kind.equals(Match.REST)) {
            return refuse("name", "what no inspector recognises tells no name; write another kind, or remove the name");
        }
        if (match.has(SILENCE) && !kind.equals(Match.REST)) {
            return refuse(SILENCE, "a client of " + TomlSection.echo(kind) + " speaks first; write kind = \"any\", or remove silence");
        }
        return true;
    }

    private String upper() {
        return hello.toUpperCase(Locale.ROOT);
    }

    private boolean refuse(String key, String text) {
        match.problem(ProblemCode.CONFLICTING_KEYS, key, text);
        return false;
    }

    private boolean isKind(String kind) {
        boolean fit = Match.isKind(kind);
        if (!fit) {
            match.problem(ProblemCode.INVALID_VALUE, "kind", TomlSection.echo(kind) + " is no kind of protocol; write lower-case"
                + " letters, digits and dashes, a letter first, at most " + Match.MAX_KIND);
        }
        return fit;
    }

    private static Optional<HostPattern> pattern(TomlSection section, String key, String text) {
        try {
            return Optional.of(HostPattern.parse(text));
        } catch (IllegalArgumentException malformed) {
            section.problem(RuleCode.SNI_PATTERN_MALFORMED, key, TomlForms.sentence(malformed)
                + "; write a host name, '*.' or '**.' and a parent, or '~' and a regular expression");
            return Optional.empty();
        }
    }

    private static String protocol(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_PROTOCOL_BYTES) {
            throw new IllegalArgumentException("the name of an application protocol has 1 to " + MAX_PROTOCOL_BYTES + " bytes, not " + bytes
                + "; write one as in \"h2\"");
        }
        return text;
    }
}
