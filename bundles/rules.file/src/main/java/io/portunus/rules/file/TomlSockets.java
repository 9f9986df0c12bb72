// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.TimeBounds;
import io.portunus.config.api.TomlSection;
import io.portunus.model.IpLiterals;
import io.portunus.model.ProblemCode;
import io.portunus.model.RuleCode;
import io.portunus.model.SocketTuning;
import io.portunus.model.Sockets;
import io.portunus.model.Timeouts;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads {@code timeouts}, {@code sockets} and {@code transport} of one rule. */
final class TomlSockets {
    private static final List<String> OF_CONNECTIONS_TIMEOUTS = List.of("peek", "connect_attempt", "connect", "idle", "half_closed");
    private static final List<String> OF_CONNECTIONS_SOCKETS = List.of("keepalive_idle", "keepalive_interval", "keepalive_probes", "user_timeout");
    private static final int MAX_DRAIN_SECS = 86_400;
    private static final TimeBounds PEEK = TimeBounds.of("100ms", "60s");
    private static final TimeBounds CONNECT_ATTEMPT = TimeBounds.of("100ms", "60s");
    private static final TimeBounds CONNECT = TimeBounds.of("100ms", "10m");
    private static final TimeBounds LONG = TimeBounds.of("1s", "720h").withZero();
    /** What tcp(7) takes for TCP_KEEPIDLE and TCP_KEEPINTVL ends at 32767 s. */
    private static final TimeBounds KEEPALIVE = TimeBounds.of("1s", "9h").withZero().inSeconds();
    private static final TimeBounds USER_TIMEOUT = TimeBounds.of("100ms", "1h").withZero();
    /** What tcp(7) takes for TCP_KEEPCNT ends there. */
    private static final int MAX_PROBES = 127;
    private static final int MIN_BUFFER = 4096;
    private static final int MAX_BUFFER = 64 << 20;

    private TomlSockets() {
    }

    /** Reads {@code timeouts} and {@code drain_secs}. */
    static Timeouts timeouts(TomlSection rule, Duration drainOfNode) {
        Duration drain = rule.number("drain_secs", 0, MAX_DRAIN_SECS, ProblemCode.INVALID_VALUE).map(Duration::ofSeconds).orElse(drainOfNode);
        Optional<TomlSection> table = rule.section("timeouts", "timeouts = { idle = \"1h\" }");
        Timeouts plain = Timeouts.DEFAULT.withDrain(drain);
        return table.map(t -> timeouts(t, plain)).orElse(plain);
    }

    private static Timeouts timeouts(TomlSection table, Timeouts plain) {
        table.checkKeys("rule.timeouts");
        return new Timeouts(table.time("peek", PEEK).orElse(plain.peek()),
            table.time("connect_attempt", CONNECT_ATTEMPT).orElse(plain.connectAttempt()),
            table.time("connect", CONNECT).orElse(plain.connect()),
            table.time("idle", LONG).orElse(plain.idle()),
            table.time("half_closed", LONG).orElse(plain.halfClosed()),
            table.time("lifetime", LONG).orElse(plain.lifetime()), plain.drain());
    }

    /** Refuses keys of a rule for UDP that set something of connections. */
    static void forDatagrams(TomlSection rule) {
        rule.tableOf("timeouts").ifPresent(table -> refuse(table, OF_CONNECTIONS_TIMEOUTS));
        rule.tableOf("sockets").ifPresent(table -> refuse(table, OF_CONNECTIONS_SOCKETS));
    }

    private static void refuse(TomlSection table, List<String> keys) {
        keys.stream().filter(table::has).forEach(key -> table.problem(RuleCode.NOT_FOR_PROTOCOL, key, "it is for connections, and the rule is of udp;"
            + " leave it out" + (key.equals("idle") ? ", and write udp.idle" : "")));
    }

    /** Reads {@code sockets} and {@code transport}; both sides of a connection are tuned alike. */
    static Sockets sockets(TomlSection rule, List<String> known) {
        Optional<String> transport = rule.word("transport", known);
        Optional<TomlSection> table = rule.section("sockets", "sockets = { keepalive_idle = \"5m\" }");
        if (transport.isEmpty() && table.isEmpty()) {
            return Sockets.DEFAULT;
        }
        SocketTuning tuning = table.map(TomlSockets::tuning).orElse(SocketTuning.DEFAULT);
        Optional<InetAddress> source = table.flatMap(t -> t.string("source").flatMap(text -> source(t, text)));
        return new Sockets(tuning, tuning, source, transport);
    }

    private static SocketTuning tuning(TomlSection table) {
        table.checkKeys("rule.sockets");
        SocketTuning plain = SocketTuning.DEFAULT;
        long probes = table.number("keepalive_probes", 1, MAX_PROBES, ProblemCode.INVALID_VALUE).orElse((long) plain.keepaliveProbes());
        return new SocketTuning(table.time("keepalive_idle", KEEPALIVE).orElse(plain.keepaliveIdle()),
            table.time("keepalive_interval", KEEPALIVE).orElse(plain.keepaliveInterval()), (int) probes,
            table.time("user_timeout", USER_TIMEOUT).orElse(plain.userTimeout()), buffer(table, "send_buffer"), buffer(table, "receive_buffer"));
    }

    private static int buffer(TomlSection table, String key) {
        Optional<Long> bytes = table.value(key, Long.class, "bytes as a whole number without quotes");
        boolean fit = bytes.filter(b -> b != 0 && (b < MIN_BUFFER || b > MAX_BUFFER)).isEmpty();
        if (!fit) {
            table.problem(ProblemCode.INVALID_VALUE, key, bytes.orElseThrow() + " is neither 0 nor within " + MIN_BUFFER + " to " + MAX_BUFFER
                + "; write bytes within, or 0 to leave it to the system");
        }
        return fit ? Math.toIntExact(bytes.orElse(0L)) : 0;
    }

    private static Optional<InetAddress> source(TomlSection table, String text) {
        Optional<InetAddress> address = IpLiterals.parse(text).filter(a -> !a.isMulticastAddress() && !a.isAnyLocalAddress());
        if (address.isEmpty()) {
            table.problem(ProblemCode.INVALID_VALUE, "source", TomlSection.echo(text)
                + " is not an address to connect from; write an IPv4 or IPv6 address of this machine, without port or brackets");
        }
        return address;
    }
}
