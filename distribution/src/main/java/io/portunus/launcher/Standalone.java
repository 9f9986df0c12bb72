// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The standalone role from command line to exit code. Confined to the main thread. */
final class Standalone {
    private final Home home;
    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;

    Standalone(Home home, Map<String, String> environment, PrintStream out, PrintStream err) {
        this.home = home;
        this.environment = environment;
        this.out = out;
        this.err = err;
    }

    /**
     * Checks the configuration and, unless that is all that was asked for, forwards until it is stopped.
     *
     * @return the exit code
     * @throws LaunchException with a sentence and an exit code if it cannot
     */
    int run(Invocation invocation) {
        PlainCheck check = new PlainCheck(home);
        List<Path> jars = InstalledKinds.jars(home, StateDirectory.choose(invocation.stateDir(), environment));
        if (invocation.check()) {
            return check.run(invocation.config(), jars, InstalledKinds.of(jars), out, err);
        }
        PlainCheck.requireLasting(invocation.config());
        int verdict = check.run(invocation.config(), jars, new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), err);
        if (verdict != ExitCode.OK) {
            return verdict;
        }
        try (StateDirectory state = StateDirectory.open(StateDirectory.choose(invocation.stateDir(), environment))) {
            return forward(invocation, state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int forward(Invocation invocation, StateDirectory state) throws IOException {
        // XNIO and Undertow ask for their logging, and logback for its file, before any bundle of ours is there to tell them.
        System.setProperty("org.jboss.logging.provider", "slf4j");
        System.setProperty("logback.configurationFile", home.bootLogging().toUri().toString());
        // It would tell that it replays what threads logged while it was bound, which is no news to an operator.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        // What logs by java.util.logging, as SPI Fly does, would greet on standard error before a bundle takes that over.
        Logger.getLogger("").setLevel(Level.WARNING);
        boolean shell = invocation.shell() && terminal();
        Appliance appliance = new Appliance(home.feature("standalone"), home.repository(), state.path().resolve("bundles"),
            properties(invocation, state), shell);
        Signals signals = new Signals(appliance::stop, () -> appliance.services().reload());
        boolean reloads = signals.handle();
        if (!appliance.start()) {
            // A signal came while it started; it may have forwarded for a moment.
            stopped(new Console(err, Clock.systemUTC(), invocation.logFormat().orElse(LogFormat.JSON)), ExitCode.OK);
            return ExitCode.OK;
        }
        LogFormat format = invocation.logFormat().or(() -> appliance.services().logFormat()).orElse(LogFormat.JSON);
        Console console = new Console(new AbovePrompt(err, appliance.services()::abovePrompt), Clock.systemUTC(), format);
        appliance.notices().forEach(notice -> console.event(notice.level(), notice.event(), notice.message(), notice.values()));
        if (!reloads) {
            console.event("warn", "standalone.sighup_ignored", "SIGHUP was ignored when the process began, and this Java cannot change that; the "
                + "file is followed all the same, and reloaded by POST /v1/reload", Map.of());
        }
        announce(console, state);
        signals.ready();
        int code = appliance.serve();
        stopped(console, code);
        return code;
    }

    private void stopped(Console console, int code) {
        console.event("info", "standalone.stopped", "portunus-standalone " + home.release() + " has stopped",
            Map.of("exit_code", String.valueOf(code)));
    }

    private static boolean terminal() {
        return Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal).isPresent();
    }

    private Map<String, String> properties(Invocation invocation, StateDirectory state) {
        Map<String, String> properties = new HashMap<>();
        properties.put("portunus.config", invocation.config().toAbsolutePath().normalize().toString());
        properties.put("portunus.state", state.path().toString());
        properties.put("portunus.version", home.release());
        properties.put("portunus.home", home.directory().toString());
        // Where Gogo's shell looks for etc/gosh_profile.
        properties.put("gosh.home", home.directory().resolve("lib").toString());
        invocation.logLevel().ifPresent(level -> properties.put("portunus.log.level", level));
        invocation.logFormat().ifPresent(format -> properties.put("portunus.log.format", format.spelling()));
        if (!invocation.stats()) {
            properties.put("portunus.stats", "off");
        }
        invocation.statsSocket().ifPresent(path -> properties.put("portunus.stats.socket", path.toAbsolutePath().normalize().toString()));
        return properties;
    }

    private void announce(Console console, StateDirectory state) {
        String sentence = "portunus-standalone " + home.release() + " is forwarding";
        Map<String, String> values = new HashMap<>(Map.of("version", home.release()));
        var admin = state.line("admin.address");
        if (admin.isPresent()) {
            String token = state.path().resolve("admin.token").toString();
            sentence += "; admin on http://" + admin.get() + "; token in " + token;
            values.put("admin", admin.get());
            values.put("token_file", token);
        }
        console.event("info", "standalone.started", sentence, values);
    }
}
