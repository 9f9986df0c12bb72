// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.ProblemCode;
import io.portunus.rules.file.ParsedConfig.StatsSettings;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads {@code [stats]}; what is absent or wrong reads as its default. */
final class TomlStats {
    /** Longest path of a socket in bytes: unix(7) has 108 with the zero at the end. */
    private static final int MAX_PATH_BYTES = 107;
    private static final int MIN_REFRESH_MS = 250;
    private static final int MAX_REFRESH_MS = 5000;
    private static final StatsSettings DEFAULTS = new StatsSettings(true, "/run/portunus/standalone.sock", false, Optional.empty(), 1000);

    private TomlStats() {
    }

    /** Reads the table. */
    static StatsSettings read(TomlSection top) {
        return top.section("stats").map(TomlStats::table).orElse(DEFAULTS);
    }

    private static StatsSettings table(TomlSection stats) {
        stats.checkKeys("stats");
        Optional<String> path = stats.string("socket_path");
        Optional<String> wrong = path.flatMap(TomlStats::problem);
        wrong.ifPresent(text -> stats.problem(ProblemCode.INVALID_VALUE, "socket_path", text));
        long refresh = stats.number("refresh_ms", MIN_REFRESH_MS, MAX_REFRESH_MS, ProblemCode.INVALID_VALUE).orElse((long) DEFAULTS.refreshMs());
        return new StatsSettings(stats.flag("enabled").orElse(DEFAULTS.enabled()), path.orElse(DEFAULTS.socketPath()), path.isPresent(),
            Optional.empty(), (int) refresh);
    }

    /** What keeps a text from being the path of a socket. */
    static Optional<String> problem(String path) {
        if (!TomlDeploy.isAbsolutePath(path)) {
            return Optional.of(TomlSection.echo(path) + " is not an absolute path; write the path of the socket from the root on");
        }
        int bytes = path.getBytes(StandardCharsets.UTF_8).length;
        return bytes <= MAX_PATH_BYTES ? Optional.empty()
            : Optional.of("the path has " + bytes + " bytes; the path of a socket has at most " + MAX_PATH_BYTES);
    }
}
