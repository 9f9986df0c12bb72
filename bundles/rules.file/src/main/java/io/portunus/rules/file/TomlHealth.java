// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.TimeBounds;
import io.portunus.config.api.TomlSection;
import io.portunus.model.HealthPolicy;
import io.portunus.model.Hostnames;
import io.portunus.model.PortRange;
import io.portunus.model.Probe;
import io.portunus.model.Probe.Ask;
import io.portunus.model.ProblemCode;
import io.portunus.model.RuleCode;
import io.portunus.model.SilencePolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Reads {@code health} and {@code health_check_interval_secs} of one rule. Confined to one thread. */
final class TomlHealth {
    /** What can be asked. */
    static final List<String> PROBES = List.of("tcp", "tls", "http", "talk", "udp", "dns");

    private static final String SECS = "health_check_interval_secs";
    private static final String PROBE = "probe";
    private static final String SILENCE = "silence";
    private static final String SILENCE_SESSIONS = "silence_sessions";
    private static final String SILENCE_AFTER = "silence_after";
    private static final int MAX_SECS = 3600;
    private static final int MAX_COUNT = 100;
    private static final TimeBounds WINDOW = TimeBounds.of("1s", "1h");
    private static final TimeBounds EJECTION = TimeBounds.of("1s", "1h");
    private static final TimeBounds INTERVAL = TimeBounds.of("1s", "1h");
    private static final TimeBounds AFTER = TimeBounds.of("100ms", "4s");
    private static final TimeBounds TIMEOUT = TimeBounds.of("100ms", "60s");
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(10);
    private static final Probe DEFAULT = Probe.tcp(DEFAULT_INTERVAL);
    private static final PortRange STATUSES = new PortRange(100, 599);
    private static final PortRange GOOD = new PortRange(200, 399);
    private static final int MAX_HOST = 260;
    /** Keys that every probe may have. */
    private static final List<String> OF_PROBES = List.of("interval", "timeout", "rise", "fall", "port", "proxy");
    /** Keys of some kinds of probe, in the order of the reference. */
    private static final List<OfKinds> OF_KINDS = List.of(new OfKinds("name", "tls", "dns"), new OfKinds("host", "http"), new OfKinds("path", "http"),
        new OfKinds("status", "http"), new OfKinds("send", "talk", "udp"), new OfKinds("expect", "talk", "udp"), new OfKinds("send_hex", "udp"),
        new OfKinds("expect_hex", "udp"));
    private static final String ROOT = ".";

    /** A key, and the kinds of probe that have it. */
    private record OfKinds(String key, List<String> kinds) {
        OfKinds(String key, String... kinds) {
            this(key, List.of(kinds));
        }

        String first() {
            return kinds.getFirst();
        }
    }

    private final TomlSection rule;
    private final Optional<TomlSection> health;

    /**
     * A reader.
     *
     * @param rule the rule's table
     */
    TomlHealth(TomlSection rule) {
        this.rule = rule;
        this.health = rule.section("health", "health = { probe = \"tcp\" }");
    }

    /**
     * Reads the policy.
     *
     * @param targetsTakeHeader whether a probe sends a PROXY header if nothing else is set
     * @param firstHost host of the first target, which an HTTP probe asks for if nothing else is set
     */
    HealthPolicy read(boolean targetsTakeHeader, String firstHost) {
        Optional<Long> secs = rule.number(SECS, 1, MAX_SECS, RuleCode.HEALTH_CHECK_INTERVAL);
        if (health.isEmpty()) {
            return secs.isEmpty() ? HealthPolicy.DEFAULT
                : HealthPolicy.DEFAULT.with(probe(new Ask.Tcp(), Duration.ofSeconds(secs.get()), targetsTakeHeader));
        }
        TomlSection table = health.get();
        table.checkKeys("rule.health");
        Optional<String> kind = table.word(PROBE, PROBES);
        checkProbe(table, kind);
        Duration interval = table.time("interval", INTERVAL, RuleCode.HEALTH_CHECK_INTERVAL).or(() -> secs.map(Duration::ofSeconds))
            .orElse(DEFAULT_INTERVAL);
        Ask ask = ask(table, kind.orElse("tcp"), firstHost);
        Probe probe = probe(ask, interval, targetsTakeHeader);
        HealthPolicy plain = passive(table);
        HealthPolicy passive = silence(table).map(plain::with).orElse(plain);
        return table.has(PROBE) || rule.has(SECS) ? passive.with(probe) : passive;
    }

    private static HealthPolicy passive(TomlSection table) {
        HealthPolicy plain = HealthPolicy.DEFAULT;
        Optional<Duration> ejection = table.time("ejection", EJECTION);
        Optional<Duration> most = table.time("max_ejection", EJECTION);
        if (ejection.isPresent() && most.isPresent() && most.get().compareTo(ejection.get()) < 0) {
            table.problem(ProblemCode.INVALID_VALUE, "max_ejection", "it is shorter than ejection, where the doubling begins; write a longer time,"
                + " or make ejection shorter");
        }
        // What is not set gives way to what is.
        Duration first = ejection.orElse(shorter(plain.ejection(), most.orElse(plain.ejection())));
        Duration last = most.orElse(longer(plain.maxEjection(), first));
        return new HealthPolicy(count(table, "failures", plain.failures()), table.time("window", WINDOW).orElse(plain.window()),
            count(table, "successes", plain.successes()), first, last, Optional.empty());
    }

    private static Optional<SilencePolicy> silence(TomlSection table) {
        Optional<Long> percent = table.number(SILENCE, 1, 100, ProblemCode.INVALID_VALUE);
        Optional<Long> sessions = table.number(SILENCE_SESSIONS, 1, SilencePolicy.MAX_SESSIONS, ProblemCode.INVALID_VALUE);
        Optional<Duration> after = table.time(SILENCE_AFTER, AFTER);
        if (!table.has(SILENCE)) {
            Stream.of(SILENCE_SESSIONS, SILENCE_AFTER).filter(table::has).findFirst().ifPresent(key -> table.problem(ProblemCode.MISSING_KEY, SILENCE,
                "'" + key + "' is of silence, which is not set; add silence = 80, or remove the key"));
        }
        return percent.map(share -> new SilencePolicy(Math.toIntExact(share),
            Math.toIntExact(sessions.orElse((long) SilencePolicy.DEFAULT_SESSIONS)), after.orElse(SilencePolicy.DEFAULT_AFTER)));
    }

    private static int count(TomlSection table, String key, int absent) {
        return Math.toIntExact(table.number(key, 1, MAX_COUNT, ProblemCode.INVALID_VALUE).orElse((long) absent));
    }

    private Probe probe(Ask ask, Duration interval, boolean targetsTakeHeader) {
        Optional<Duration> written = health.flatMap(h -> h.time("timeout", TIMEOUT));
        if (written.isPresent() && written.get().compareTo(interval) > 0) {
            health.orElseThrow().problem(ProblemCode.INVALID_VALUE, "timeout", "the answer may come after the next question, which is asked after "
                + interval.toSeconds() + "s; write a shorter timeout, or a longer interval");
        }
        Duration timeout = written.orElse(shorter(DEFAULT.timeout(), interval));
        Optional<Long> port = health.flatMap(h -> h.number("port", 1, PortRange.MAX_PORT, RuleCode.RANGE_INVALID));
        return new Probe(ask, interval, timeout, health.map(h -> count(h, "rise", DEFAULT.rise())).orElse(DEFAULT.rise()),
            health.map(h -> count(h, "fall", DEFAULT.fall())).orElse(DEFAULT.fall()),
            port.map(p -> OptionalInt.of(Math.toIntExact(p))).orElse(OptionalInt.empty()),
            health.flatMap(h -> h.flag("proxy")).orElse(targetsTakeHeader));
    }

    /** Reports keys that do not go together. */
    private void checkProbe(TomlSection table, Optional<String> kind) {
        boolean secs = rule.has(SECS);
        if (secs && table.has(PROBE)) {
            rule.problem(ProblemCode.CONFLICTING_KEYS, SECS, "the rule has health.probe too; write its interval there, and remove this key");
        } else if (secs && table.has("interval")) {
            rule.problem(ProblemCode.CONFLICTING_KEYS, SECS, "the rule has health.interval too; keep one of them");
        }
        if (!secs && !table.has(PROBE)) {
            checkNoProbe(table);
        } else if (kind.isPresent() || !table.has(PROBE)) {
            String asked = kind.orElse("tcp");
            OF_KINDS.stream().filter(its -> table.has(its.key()) && !its.kinds().contains(asked)).forEach(its ->
                table.problem(ProblemCode.CONFLICTING_KEYS, its.key(), "a probe of " + asked + " has no '" + its.key()
                    + "'; write probe = \"" + its.first() + "\", or remove the key"));
        }
    }

    private static void checkNoProbe(TomlSection table) {
        Stream.concat(OF_KINDS.stream(), OF_PROBES.stream().map(key -> new OfKinds(key, "tcp"))).filter(its -> table.has(its.key())).findFirst()
            .ifPresent(its -> table.problem(ProblemCode.MISSING_KEY, PROBE, "'" + its.key() + "' is of a probe, and there is none; add probe = \""
                + its.first() + "\", or remove the key"));
    }

    private static Ask ask(TomlSection table, String kind, String firstHost) {
        String name = table.string("name").filter(text -> kind.equals("dns") && text.equals(ROOT) || isName(table, text)).orElse("");
        String host = table.string("host").filter(text -> isHost(table, text)).orElse(firstHost);
        String path = table.string("path").filter(text -> isPath(table, text)).orElse("/");
        PortRange statuses = table.string("status").flatMap(text -> statuses(table, text)).orElse(GOOD);
        String send = table.string("send").filter(text -> fits(table, "send", text)).orElse("");
        String expect = table.string("expect").filter(text -> fits(table, "expect", text)).orElse("");
        return switch (kind) {
            case "tls" -> new Ask.Tls(name);
            case "http" -> new Ask.Http(host, path, statuses);
            case "talk" -> new Ask.Talk(send, expect);
            case "udp" -> new Ask.Datagram(sent(table, send), bytes(table, "expect", expect));
            case "dns" -> new Ask.Dns(name.isEmpty() ? ROOT : name);
            default -> new Ask.Tcp();
        };
    }

    /** What a datagram has: an empty one would hardly be answered. */
    private static String sent(TomlSection table, String text) {
        String bytes = bytes(table, "send", text);
        if (bytes.isEmpty() && !table.has("send") && !table.has("send_hex")) {
            table.problem(ProblemCode.MISSING_KEY, "send", "nobody answers a datagram that has nothing; add send or send_hex, or write probe ="
                + " \"dns\"");
        }
        return bytes;
    }

    /** As a text, or with {@code _hex} behind the key in hexadecimal digits. */
    private static String bytes(TomlSection table, String key, String text) {
        String ofHex = key + "_hex";
        Optional<String> hex = table.string(ofHex).filter(digits -> isHex(table, ofHex, digits));
        if (table.has(key) && table.has(ofHex)) {
            table.problem(ProblemCode.CONFLICTING_KEYS, ofHex, "the probe has '" + key + "' too; keep one of them");
        }
        return hex.map(digits -> digits.toLowerCase(Locale.ROOT)).orElse(HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static boolean isHex(TomlSection table, String key, String digits) {
        boolean fit = digits.length() % 2 == 0 && digits.length() <= 2 * Probe.MAX_TEXT && digits.matches("[0-9a-fA-F]*");
        if (!fit) {
            table.problem(ProblemCode.INVALID_VALUE, key, TomlSection.echo(digits) + " are no bytes; write two hexadecimal digits for each, "
                + Probe.MAX_TEXT + " bytes at most");
        }
        return fit;
    }

    private static boolean isName(TomlSection table, String text) {
        boolean fit = Hostnames.isName(text);
        if (!fit) {
            table.problem(ProblemCode.INVALID_VALUE, "name", TomlSection.echo(text) + " is no host name; write one as in \"db.example.com\""
                + Hostnames.hint(text));
        }
        return fit;
    }

    private static boolean isHost(TomlSection table, String text) {
        boolean fit = text.length() <= MAX_HOST && text.matches("[A-Za-z0-9._:\\[\\]-]+");
        if (!fit) {
            table.problem(ProblemCode.INVALID_VALUE, "host", TomlSection.echo(text) + " is no host; write a name or an address, as a browser would"
                + Hostnames.hint(text));
        }
        return fit;
    }

    private static boolean isPath(TomlSection table, String text) {
        boolean fit = text.startsWith("/") && text.length() <= Probe.MAX_TEXT && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (!fit) {
            table.problem(ProblemCode.INVALID_VALUE, "path", TomlSection.echo(text) + " is no path; begin with a slash, and write at most "
                + Probe.MAX_TEXT + " visible ASCII characters");
        }
        return fit;
    }

    private static Optional<PortRange> statuses(TomlSection table, String text) {
        try {
            PortRange range = PortRange.parse(text);
            if (STATUSES.contains(range.first()) && STATUSES.contains(range.last())) {
                return Optional.of(range);
            }
        } catch (IllegalArgumentException noNumbers) {
            // What is allowed is reported below.
        }
        table.problem(ProblemCode.INVALID_VALUE, "status", TomlSection.echo(text) + " is no status; write one or a range within " + STATUSES
            + ", as in \"200-399\"");
        return Optional.empty();
    }

    private static boolean fits(TomlSection table, String key, String text) {
        if (text.length() > Probe.MAX_TEXT) {
            table.problem(ProblemCode.INVALID_VALUE, key, "the text has " + text.length() + " characters; write at most " + Probe.MAX_TEXT);
        }
        return text.length() <= Probe.MAX_TEXT;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
