// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.TimeBounds;
import io.portunus.config.api.TomlSection;
import io.portunus.model.Datagrams;
import io.portunus.model.Datagrams.Caps;
import io.portunus.model.Datagrams.Mode;
import io.portunus.model.ProblemCode;
import io.portunus.model.Protocol;
import io.portunus.model.Protocols;
import io.portunus.model.RuleCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads what a rule sets for sessions of UDP: two keys of its own, which [defaults] has too, and the table {@code udp}. */
final class TomlDatagrams {
    private static final int MIN_IDLE_SECS = 5;
    private static final int MAX_IDLE_SECS = 86_400;
    private static final TimeBounds IDLE = TimeBounds.of("5s", "24h").inSeconds();
    /** An answer of 1,232 bytes, as long as resolvers ask for, to a question of 25 bytes, as short as one with a name gets. */
    private static final int OF_ANSWERS = 50;
    private static final List<String> EVICTION = List.of("none", "oldest_idle");
    private static final String FLAT_IDLE = "udp_flow_idle_secs";

    private TomlDatagrams() {
    }

    /** Defaults for an application. */
    private enum Preset {
        DNS("dns", Mode.RESPONSES, Duration.ofSeconds(10)),
        SYSLOG("syslog", Mode.DATAGRAM, Duration.ofSeconds(30)),
        VOIP("voip", Mode.SESSION, Duration.ofMinutes(5));

        private final String text;
        private final Mode mode;
        private final Duration idle;

        Preset(String text, Mode mode, Duration idle) {
            this.text = text;
            this.mode = mode;
            this.idle = idle;
        }

        String text() {
            return text;
        }

        Datagrams over(Datagrams others, boolean idleIsGiven) {
            Datagrams its = others.with(mode);
            return idleIsGiven ? its : its.with(idle);
        }
    }

    /** Reads the keys of their own. */
    static Datagrams flat(TomlSection section, Datagrams otherwise) {
        long most = section.number("udp_max_flows", 1, Caps.MOST_SESSIONS, ProblemCode.INVALID_VALUE).orElse((long) otherwise.caps().sessions());
        Duration idle = section.number(FLAT_IDLE, MIN_IDLE_SECS, MAX_IDLE_SECS, ProblemCode.INVALID_VALUE).map(Duration::ofSeconds)
            .orElse(otherwise.idle());
        return otherwise.with(new Caps((int) most, otherwise.caps().perSource(), otherwise.caps().evicts())).with(idle);
    }

    /** Reads them and the table. */
    static Datagrams read(TomlSection rule, Protocols protocols, Datagrams defaults) {
        Datagrams flat = flat(rule, defaults);
        Optional<TomlSection> table = rule.section("udp", "udp = { preset = \"dns\" }");
        if (table.isPresent() && !protocols.has(Protocol.UDP)) {
            rule.problem(RuleCode.NOT_FOR_PROTOCOL, "udp", "it is for sessions of udp, and the rule is of " + protocols.code() + "; leave it out");
            return flat;
        }
        return table.map(its -> table(its, rule.has(FLAT_IDLE), flat)).orElse(flat);
    }

    private static Datagrams table(TomlSection table, boolean idleIsGiven, Datagrams flat) {
        table.checkKeys("rule.udp");
        Datagrams preset = table.choice("preset", Preset.values(), Preset::text).map(its -> its.over(flat, idleIsGiven)).orElse(flat);
        if (idleIsGiven && table.has("idle")) {
            table.problem(ProblemCode.CONFLICTING_KEYS, "idle", "the rule has " + FLAT_IDLE + " as well, which is the same; leave one out");
        }
        Duration idle = table.time("idle", IDLE, ProblemCode.INVALID_VALUE).orElse(preset.idle());
        Mode mode = table.choice("mode", Mode.values(), Mode::text).orElse(preset.mode());
        if (mode != Mode.RESPONSES && table.has("responses")) {
            table.problem(ProblemCode.CONFLICTING_KEYS, "responses", "the mode is " + mode.text() + ", which counts no answers; write"
                + " mode = \"responses\", or leave it out");
        }
        int responses = number(table, "responses", 1, Datagrams.MOST_RESPONSES, 1);
        int amplification = number(table, "amplification", 0, Datagrams.MOST_AMPLIFICATION, mode == Mode.RESPONSES ? OF_ANSWERS : 0);
        int perSource = number(table, "max_per_source", 1, Caps.MOST_SESSIONS, 0);
        boolean evicts = table.word("evict", EVICTION).filter(EVICTION.getLast()::equals).isPresent();
        return new Datagrams(mode, responses, idle, new Caps(flat.caps().sessions(), perSource, evicts), amplification);
    }

    private static int number(TomlSection table, String key, int least, int most, int otherwise) {
        return table.number(key, least, most, ProblemCode.INVALID_VALUE).map(Long::intValue).orElse(otherwise);
    }
}
