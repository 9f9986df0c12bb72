// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Hostnames;
import io.portunus.model.IpLiterals;
import io.portunus.model.ProblemCode;
import io.portunus.model.TargetGroup;
import io.portunus.rules.file.ParsedConfig.AdminSettings;
import io.portunus.rules.file.ParsedConfig.GlobalSettings;
import io.portunus.rules.file.ParsedConfig.LimitSettings;
import io.portunus.rules.file.ParsedConfig.LogSettings;
import io.portunus.rules.file.ParsedConfig.ShellSettings;
import java.net.Inet6Address;
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
    /** Transports that the node may name; the first lets it choose. */
    static final List<String> TRANSPORTS = List.of("auto", "xnio", "epoll");
    /** What a start needs: every listener, or those that can be bound. */
    static final List<String> STARTS = List.of("all", "partial");
    /** Protocols that a rule may name; only the first is built. */
    static final List<String> PROTOCOLS = List.of("tcp", "udp");

    private static final String HOST = "host";
    private static final ListShape HOSTS = new ListShape(0, 16, "[\"edge-1.example.com\", \"edge-1\"]");
    private static final int MAX_LABEL_BYTES = 255;
    private static final int DRAIN_SECS = 30;
    private static final int MAX_DRAIN_SECS = 3600;
    private static final int MAX_CONNECTIONS = 1_000_000;
    private static final int MAX_PEEKS = 65_536;
    private static final int PEEKS = 1024;
    private static final long MIN_BUFFERS = 1 << 20;
    private static final long MAX_BUFFERS = 1 << 30;
    private static final int TARGETS = 8;
    private static final ListenAddress ADMIN = new ListenAddress("127.0.0.1:7080", InetAddress.ofLiteral("127.0.0.1"), 7080);
    private static final ListenAddress SHELL = new ListenAddress("127.0.0.1:8101", InetAddress.ofLiteral("127.0.0.1"), 8101);

    private TomlSettings() {
    }

    /** Reads {@code [admin]}. */
    static AdminSettings admin(TomlSection top) {
        Optional<TomlSection> admin = top.section("admin");
        admin.ifPresent(s -> s.checkKeys("admin"));
        boolean named = admin.filter(s -> s.has("listen")).isPresent();
        return new AdminSettings(listen(admin, ADMIN), named, admin.map(TomlSettings::hosts).orElse(List.of()));
    }

    /** One name needs no list. */
    private static List<String> hosts(TomlSection admin) {
        if (!admin.isText(HOST)) {
            return admin.list(HOST, HOSTS, TomlSettings::hostName).orElse(List.of());
        }
        try {
            return admin.string(HOST).map(TomlSettings::hostName).map(List::of).orElse(List.of());
        } catch (IllegalArgumentException none) {
            admin.problem(ProblemCode.INVALID_VALUE, HOST, TomlRules.sentence(none));
            return List.of();
        }
    }

    private static String hostName(String name) {
        if (!Hostnames.isName(name)) {
            throw new IllegalArgumentException(TomlSection.echo(name) + " is no host name; write one without a port, as in "
                + "\"portunus.example.com\", or leave it out" + Hostnames.hint(name));
        }
        return name;
    }

    private static ListenAddress listen(Optional<TomlSection> table, ListenAddress absent) {
        ListenAddress listen = table.flatMap(s -> s.string("listen").flatMap(text -> listen(s, text, absent))).orElse(absent);
        return listen.withDualStack(table.filter(s -> dualStack(s, Optional.of(listen.address()))).isPresent());
    }

    private static Optional<ListenAddress> listen(TomlSection section, String text, ListenAddress example) {
        Optional<ListenAddress> address = ListenAddress.parse(text);
        if (address.isEmpty()) {
            section.problem(ProblemCode.INVALID_VALUE, "listen", TomlSection.echo(text)
                + " is not ip:port; write " + example.text() + " or [::1]:" + example.port() + ", with a port from 0 to 65535");
        }
        return address;
    }

    /** Reads {@code [shell]}; empty if it is not there. */
    static Optional<ShellSettings> shell(TomlSection top, AdminSettings admin) {
        Optional<TomlSection> shell = top.section("shell");
        shell.ifPresent(s -> s.checkKeys("shell"));
        return shell.map(s -> new ShellSettings(shellListen(s, admin), s.has("listen"),
            s.string("authorized_keys").filter(path -> isKeyFile(s, path))));
    }

    private static ListenAddress shellListen(TomlSection shell, AdminSettings admin) {
        ListenAddress listen = listen(Optional.of(shell), SHELL);
        if (!listen.collides(admin.listen())) {
            return listen;
        }
        if (!shell.has("listen")) {
            return listen.anyPort();
        }
        if (admin.named()) {
            shell.problem(ProblemCode.PORT_IN_USE, "listen", "port " + listen.port() + " is taken by the admin surface ("
                + admin.listen().key() + "); give one of them another port or another address");
        }
        return listen;
    }

    private static boolean isKeyFile(TomlSection shell, String path) {
        boolean absolute = TomlDeploy.isAbsolutePath(path);
        if (!absolute) {
            shell.problem(ProblemCode.INVALID_VALUE, "authorized_keys", TomlSection.echo(path)
                + " is not an absolute path; write the path of the file from the root on");
        }
        return absolute;
    }

    /** Reads {@code [limits]}. */
    static LimitSettings limits(TomlSection top) {
        Optional<TomlSection> limits = top.section("limits");
        limits.ifPresent(s -> s.checkKeys("limits"));
        long connections = limits.flatMap(s -> s.number("max_connections", 0, MAX_CONNECTIONS, ProblemCode.INVALID_VALUE)).orElse(0L);
        long peeks = limits.flatMap(s -> s.number("max_peeks", 1, MAX_PEEKS, ProblemCode.INVALID_VALUE)).orElse((long) PEEKS);
        long targets = limits.flatMap(s -> s.number("max_targets", 1, TargetGroup.MAX_TARGETS, ProblemCode.INVALID_VALUE)).orElse((long) TARGETS);
        return new LimitSettings(connections, (int) peeks, (int) targets, limits.map(TomlSettings::buffers).orElse(0L));
    }

    private static long buffers(TomlSection limits) {
        long bytes = limits.number("max_buffer_bytes", 0, MAX_BUFFERS, ProblemCode.INVALID_VALUE).orElse(0L);
        boolean fit = bytes == 0 || bytes >= MIN_BUFFERS;
        if (!fit) {
            limits.problem(ProblemCode.INVALID_VALUE, "max_buffer_bytes", bytes + " is neither 0 nor within " + MIN_BUFFERS + " to " + MAX_BUFFERS
                + "; write bytes within, or 0 to leave it to the node");
        }
        return fit ? bytes : 0;
    }

    /** Reads what is said about logs, in {@code [global]} and at the top. */
    static LogSettings log(TomlSection top, Optional<TomlSection> global) {
        String level = global.flatMap(s -> s.word("log_level", LEVELS)).orElse("warn");
        String format = global.flatMap(s -> s.word("log_format", FORMATS)).orElse("json");
        return new LogSettings(level, format, TomlAccessLog.read(top));
    }

    /** Reads the rest of {@code [global]}. */
    static GlobalSettings global(Optional<TomlSection> global) {
        global.ifPresent(s -> s.checkKeys("global"));
        Optional<String> label = global.flatMap(s -> s.text("label", 1, MAX_LABEL_BYTES));
        long drain = global.flatMap(s -> s.number("shutdown_drain_secs", 0, MAX_DRAIN_SECS, ProblemCode.INVALID_VALUE))
            .orElse((long) DRAIN_SECS);
        String transport = global.flatMap(s -> s.word("transport", TRANSPORTS)).orElse(TRANSPORTS.getFirst());
        boolean partial = global.flatMap(s -> s.word("start", STARTS)).filter(STARTS.getLast()::equals).isPresent();
        return new GlobalSettings(label, Duration.ofSeconds(drain), transport, partial);
    }

    /** Reads {@code [defaults]}: whether rules prefer IPv6. */
    static boolean preferIpv6(TomlSection top) {
        Optional<TomlSection> defaults = top.section("defaults");
        defaults.ifPresent(s -> s.checkKeys("defaults"));
        defaults.ifPresent(s -> protocol(s));
        return defaults.flatMap(s -> s.flag("prefer_ipv6")).orElse(false);
    }

    /** Reads {@code dual_stack}, which goes with {@code ::}, or, of a rule, with no address at all: whether IPv4 clients are taken, too. */
    static boolean dualStack(TomlSection section, Optional<InetAddress> address) {
        Optional<Boolean> dual = section.flag("dual_stack");
        boolean six = address.filter(a -> a instanceof Inet6Address && a.isAnyLocalAddress()).isPresent();
        if (dual.isPresent() && address.isPresent() && !six) {
            section.problem(ProblemCode.CONFLICTING_KEYS, "dual_stack", IpLiterals.text(address.get()) + " has clients of one family only; remove"
                + " dual_stack, or listen on :: with dual_stack = true for both");
        } else if (dual.isPresent() && !dual.get() && !section.has("bind") && address.isEmpty()) {
            section.problem(ProblemCode.CONFLICTING_KEYS, "dual_stack", "without bind clients of both families are taken; write bind = \"0.0.0.0\" or"
                + " \"::\" for one of them, or remove dual_stack");
        }
        return six && dual.orElse(false);
    }

    /** Checks a key {@code protocol}. */
    static void protocol(TomlSection section) {
        if (section.word("protocol", PROTOCOLS).filter("udp"::equals).isPresent()) {
            section.problem(ProblemCode.NOT_SUPPORTED_YET, "protocol", "this release does not forward udp yet; write tcp, or remove the rule");
        }
    }
}
