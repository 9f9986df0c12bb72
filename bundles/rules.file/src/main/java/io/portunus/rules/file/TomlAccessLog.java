// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.flow.api.RecordField;
import io.portunus.model.ProblemCode;
import io.portunus.model.SocketAddresses;
import io.portunus.model.Spelling;
import io.portunus.rules.file.ParsedConfig.AccessSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code access_log}, a truth value or a table; what is absent or wrong reads as its default. */
final class TomlAccessLog {
    /** Where records may go. */
    static final List<String> DESTINATIONS = List.of("file", "stdout", "syslog");
    /** What holds when the file says nothing. */
    static final AccessSettings DEFAULTS = new AccessSettings(true, "file", "", 64L << 20, 4, List.of(), "127.0.0.1:514");

    private static final String KEY = "access_log";
    private static final String FIELDS = "fields";
    private static final String SYSLOG = "syslog";
    private static final long MIN_SIZE = 1L << 20;
    private static final long MAX_SIZE = 1L << 40;
    private static final int MAX_KEPT = 100;
    /** Keys that say something about files only. */
    private static final List<String> OF_FILES = List.of("path", "max_size", "keep");
    private static final ListShape CHOICE = new ListShape(1, RecordField.values().length, "[\"timestamp\", \"peer\", \"target\", \"close_reason\"]");

    private TomlAccessLog() {
    }

    /** Reads what is at the top of the file. */
    static AccessSettings read(TomlSection top) {
        if (top.raw(KEY).filter(Boolean.class::isInstance).isPresent()) {
            return DEFAULTS.enabled(top.flag(KEY).orElse(DEFAULTS.enabled()));
        }
        return top.section(KEY, "true or false without quotes, or a table, [" + KEY + "]").map(TomlAccessLog::table).orElse(DEFAULTS);
    }

    private static AccessSettings table(TomlSection table) {
        table.checkKeys(KEY);
        String to = table.word("to", DESTINATIONS).orElse(DEFAULTS.to());
        if (!to.equals("file")) {
            OF_FILES.forEach(key -> refuse(table, key, "file"));
        }
        if (!to.equals(SYSLOG)) {
            refuse(table, SYSLOG, SYSLOG);
        }
        return new AccessSettings(table.flag("enabled").orElse(DEFAULTS.enabled()), to, path(table), size(table),
            Math.toIntExact(table.number("keep", 0, MAX_KEPT, ProblemCode.INVALID_VALUE).orElse((long) DEFAULTS.keep())),
            fields(table), collector(table));
    }

    private static void refuse(TomlSection table, String key, String destination) {
        if (table.has(key)) {
            table.problem(ProblemCode.INVALID_VALUE, key, "it is for records that go to " + destination + "; write to = \"" + destination
                + "\", or remove it");
        }
    }

    private static String path(TomlSection table) {
        return table.string("path").filter(path -> {
            boolean fit = TomlDeploy.isAbsolutePath(path) && !path.endsWith("/");
            if (!fit) {
                table.problem(ProblemCode.INVALID_VALUE, "path", TomlSection.echo(path)
                    + " is not the absolute path of a file; write it from the root on, as in \"/var/log/portunus/access.log\"");
            }
            return fit;
        }).orElse(DEFAULTS.path());
    }

    private static long size(TomlSection table) {
        Optional<String> text = table.value("max_size", String.class, "a size in quotes, as in \"64MiB\"");
        Optional<Long> size = text.flatMap(ByteCount::parse);
        if (text.isPresent() && size.filter(s -> s == 0 || s >= MIN_SIZE && s <= MAX_SIZE).isEmpty()) {
            table.problem(ProblemCode.INVALID_VALUE, "max_size", TomlSection.echo(text.get())
                + " is no size from 1MiB to 1024GiB; write a whole number and KiB, MiB or GiB, as in \"64MiB\", or \"0\" for no rotation");
            return DEFAULTS.maxSize();
        }
        return size.orElse(DEFAULTS.maxSize());
    }

    private static List<String> fields(TomlSection table) {
        Set<String> seen = new HashSet<>();
        return table.list(FIELDS, CHOICE, code -> field(code, seen)).orElse(DEFAULTS.fields());
    }

    private static String field(String code, Set<String> seen) {
        if (RecordField.of(code).isEmpty()) {
            throw new IllegalArgumentException(TomlSection.echo(code) + " is no field of an access record"
                + Spelling.nearest(code, RecordField.codes()).map(f -> "; did you mean '" + f + "'?")
                    .orElse("; write some of " + String.join(", ", RecordField.codes())));
        }
        if (!seen.add(code)) {
            throw new IllegalArgumentException(TomlSection.echo(code) + " is there twice; remove one of them");
        }
        return code;
    }

    private static String collector(TomlSection table) {
        return table.string(SYSLOG).filter(text -> {
            boolean fit = SocketAddresses.parse(text).filter(a -> a.getPort() != 0 && !a.getAddress().isAnyLocalAddress()).isPresent();
            if (!fit) {
                table.problem(ProblemCode.INVALID_VALUE, SYSLOG, TomlSection.echo(text) + " is no ip:port; write the address at which the"
                    + " collector takes syslog by UDP, as in \"127.0.0.1:514\" (the socket /dev/log cannot be used: have rsyslog load imudp)");
            }
            return fit;
        }).orElse(DEFAULTS.syslog());
    }
}
