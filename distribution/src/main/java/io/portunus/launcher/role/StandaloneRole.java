// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher.role;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** An edge that reads a file instead of asking a controller. Stateless. */
public final class StandaloneRole implements Supplier<Role> {
    private static final String FOLDER = "portunus";
    private static final String STATS_SOCKET = "portunus.stats.socket";

    /** The role, as the start script names it. */
    public StandaloneRole() {
    }

    @Override
    public Role get() {
        return new Role(usage(), "standalone", Optional.of(new PlainCode("check", "io.portunus.config.file.ConfigCheck")),
            new Readiness("started", Duration.ofSeconds(30)), messages(),
            new StateFolder(FOLDER, List.of("admin.token"), List.of("deploy", "incoming")));
    }

    private static Usage usage() {
        return new Usage("portunus-standalone", "Forwards connections as a TOML file says.",
            List.of("",
                "Exit codes: 0 stopped cleanly or check passed; 1 a rule could not be bound or the start failed; 2 wrong usage or configuration;"
                    + " 3 out of memory; 4 a loop was lost; 5 it was stopped, did not end in time and was halted.",
                "Signals: SIGHUP reloads; the first SIGTERM or SIGINT drains and stops, within global.shutdown_drain_secs and 10 s more,"
                    + " the second ends at once; SIGQUIT prints the threads; SIGUSR1"
                    + " and others that mean nothing to it are ignored."),
            List.of(Flag.CONFIG, Flag.CHECK, Flag.LOG_LEVEL, Flag.LOG_FORMAT, Flag.stateDirectory(FOLDER), Flag.NO_SHELL, Flag.WITHOUT_DEPLOYED,
                new Flag.Switch("--no-stats", "Open no statistics socket, whatever the file says.", "portunus.stats", "off"),
                new Flag.Place(List.of("--stats-socket"), "Path of the statistics socket; overrides the file.", STATS_SOCKET, Optional.empty())),
            List.of(stats()));
    }

    /** Its socket is, if it names none, that of {@code --stats-socket}, so that a wrapper script can name the socket for both. */
    private static Tool stats() {
        return new Tool("stats", "Shows the statistics of a running portunus-standalone, and follows them.",
            List.of("", "Without --once it needs a terminal; ? lists the keys.",
                "With --once it prints one JSON object within 5 s: the fields of the socket's hello and snapshot, with an array 'rules' that has"
                    + " for each rule what it is and its counters.",
                "Exit codes: 0 shown; 1 no statistics could be read, or no terminal; 2 wrong usage."),
            List.of(new Flag.Place(List.of("--socket"), "The statistics socket (default: --stats-socket, else /run/portunus/standalone.sock, else "
                    + "stats.sock in the state directory).", STATS_SOCKET, Optional.empty()),
                new Flag.Switch("--once", "Print one JSON object and end.", "portunus.stats.once", "yes")),
            new PlainCode("stats", "io.portunus.stats.view.StatsView"));
    }

    private static Messages messages() {
        return new Messages(new Notice("info", "standalone.started", "is forwarding"),
            new Notice("info", "standalone.stopped", "has stopped"),
            new Notice("warn", "standalone.sighup_ignored", "SIGHUP was ignored when the process began, and this Java cannot change that; the file"
                + " is followed all the same, and reloaded by POST /v1/reload"));
    }
}
