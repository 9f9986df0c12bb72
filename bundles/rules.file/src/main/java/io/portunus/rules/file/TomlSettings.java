// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.IpLiterals;
import io.portunus.model.PortRange;
import io.portunus.model.ProblemCode;
import io.portunus.rules.file.ParsedConfig.AdminSettings;
import io.portunus.rules.file.ParsedConfig.GlobalSettings;
import io.portunus.rules.file.ParsedConfig.LimitSettings;
import io.portunus.rules.file.ParsedConfig.LogSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads every table but the rules; what is absent or wrong reads as its default. */
final class TomlSettings {
    /** Log levels, quietest first. */
    static final List<String> LEVELS = List.of("off", "error", "warn", "info", "debug", "trace");
    /** Log formats. */
    static final List<String> FORMATS = List.of("json", "pretty");
    /** Protocols that a rule may name; only the first is built. */
    static final List<String> PROTOCOLS = List.of("tcp", "udp");

    private static final int MAX_LABEL_BYTES = 255;
    private static final int DRAIN_SECS = 30;
    private static final int MAX_DRAIN_SECS = 3600;
    private static final int MAX_CONNECTIONS = 1_000_000;
    private static final int MAX_PEEKS = 65_536;
    private static final int PEEKS = 1024;
    private static final AdminSettings ADMIN = new AdminSettings("127.0.0.1:7080", InetAddress.ofLiteral("127.0.0.1"), 7080);

    private TomlSettings() {
    }

    /** Reads {@code [admin]}. */
    static AdminSettings admin(TomlSection top) {
        Optional<TomlSection> admin = top.section("admin");
        admin.ifPresent(s -> s.checkKeys("admin"));
        return admin.flatMap(s -> s.string("listen").flatMap(text -> listen(s, text))).orElse(ADMIN);
    }

    private static Optional<AdminSettings> listen(TomlSection section, String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        String port = colon < 0 ? "" : text.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String literal = bracketed ? host.substring(1, host.length() - 1) : host;
        Optional<InetAddress> address = IpLiterals.parse(literal).filter(a -> bracketed == literal.indexOf(':') >= 0 && !literal.startsWith("["));
        boolean number = port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= PortRange.MAX_PORT;
        if (address.isEmpty() || !number) {
            section.problem(ProblemCode.INVALID_VALUE, "listen", TomlSection.echo(text)
                + " is not ip:port; write 127.0.0.1:7080 or [::1]:7080, with a port from 0 to 65535");
            return Optional.empty();
        }
        return Optional.of(new AdminSettings(text, address.get(), Integer.parseInt(port)));
    }

    /** Reads {@code [limits]}. */
    static LimitSettings limits(TomlSection top) {
        Optional<TomlSection> limits = top.section("limits");
        limits.ifPresent(s -> s.checkKeys("limits"));
        long connections = limits.flatMap(s -> s.number("max_connections", 0, MAX_CONNECTIONS, ProblemCode.INVALID_VALUE)).orElse(0L);
        long peeks = limits.flatMap(s -> s.number("max_peeks", 1, MAX_PEEKS, ProblemCode.INVALID_VALUE)).orElse((long) PEEKS);
        return new LimitSettings(connections, (int) peeks);
    }

    /** Reads what is said about logs, in {@code [global]} and at the top. */
    static LogSettings log(TomlSection top, Optional<TomlSection> global) {
        String level = global.flatMap(s -> s.word("log_level", LEVELS)).orElse("warn");
        String format = global.flatMap(s -> s.word("log_format", FORMATS)).orElse("json");
        return new LogSettings(level, format, top.flag("access_log").orElse(true));
    }

    /** Reads the rest of {@code [global]}. */
    static GlobalSettings global(Optional<TomlSection> global) {
        global.ifPresent(s -> s.checkKeys("global"));
        Optional<String> label = global.flatMap(s -> s.text("label", 1, MAX_LABEL_BYTES));
        long drain = global.flatMap(s -> s.number("shutdown_drain_secs", 0, MAX_DRAIN_SECS, ProblemCode.INVALID_VALUE))
            .orElse((long) DRAIN_SECS);
        return new GlobalSettings(label, Duration.ofSeconds(drain));
    }

    /** Reads {@code [defaults]}: whether rules prefer IPv6. */
    static boolean preferIpv6(TomlSection top) {
        Optional<TomlSection> defaults = top.section("defaults");
        defaults.ifPresent(s -> s.checkKeys("defaults"));
        defaults.ifPresent(s -> protocol(s));
        return defaults.flatMap(s -> s.flag("prefer_ipv6")).orElse(false);
    }

    /** Checks a key {@code protocol}. */
    static void protocol(TomlSection section) {
        if (section.word("protocol", PROTOCOLS).filter("udp"::equals).isPresent()) {
            section.problem(ProblemCode.NOT_SUPPORTED_YET, "protocol", "this release does not forward udp yet; write tcp, or remove the rule");
        }
    }
}
