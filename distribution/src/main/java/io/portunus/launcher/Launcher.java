// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.launcher.role.Flag;
import io.portunus.launcher.role.Notice;
import io.portunus.launcher.role.Role;
import io.portunus.launcher.role.Tool;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;

/** A role from command line to exit code. Confined to the main thread. */
final class Launcher {
    private final Role role;
    private final Home home;
    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;

    Launcher(Role role, Home home, Map<String, String> environment, PrintStream out, PrintStream err) {
        this.role = role;
        this.home = home;
        this.environment = environment;
        this.out = out;
        this.err = err;
    }

    /**
     * Does what a command line asks for.
     *
     * @return the exit code
     */
    int execute(String... arguments) {
        return execute(new RoleCommand(role, this::run, this::tool).parser(home.release()), arguments);
    }

    /** Parses and runs; a {@link LaunchException} becomes its sentence and its code. */
    static int execute(CommandLine command, String... arguments) {
        return command.setExecutionExceptionHandler((fault, line, parsed) -> {
            if (fault instanceof LaunchException known) {
                line.getErr().println(known.getMessage());
                return known.exitCode();
            }
            throw fault;
        }).execute(arguments);
    }

    /** Checks the configuration and, unless that is all that was asked for, does the role's work until it is stopped. */
    private int run(Invocation invocation) {
        Path chosen = stateFolder(invocation);
        if (role.check().isPresent()) {
            PlainCheck check = new PlainCheck(new PlainJars(home), role.check().get());
            List<Path> bundles = InstalledKinds.jars(home, role.feature(), chosen, !invocation.has(Flag.WITHOUT_DEPLOYED));
            if (invocation.has(Flag.CHECK)) {
                return check.run(invocation.config(), bundles, InstalledKinds.of(bundles), out, err);
            }
            PlainCheck.requireLasting(invocation.config());
            PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
            int verdict = check.run(invocation.config(), bundles, nowhere, err);
            if (verdict != ExitCode.OK) {
                return verdict;
            }
        }
        try (StateDirectory state = StateDirectory.open(chosen, role.state())) {
            return serve(invocation, state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int tool(Tool tool, Invocation invocation) {
        Map<String, String> properties = invocation.with(Map.of(Flag.STATE, stateFolder(invocation).toString())).properties();
        return new PlainJars(home).call(tool.code(), "The command " + tool.name(), List.of(Map.class, PrintStream.class, PrintStream.class),
            properties, out, err);
    }

    private Path stateFolder(Invocation invocation) {
        return StateDirectory.choose(invocation.path(Flag.STATE), environment, role.state().name());
    }

    private int serve(Invocation invocation, StateDirectory state) throws IOException {
        // XNIO and Undertow ask for their logging, and logback for its file, before any bundle of ours is there to configure them.
        System.setProperty("org.jboss.logging.provider", "slf4j");
        System.setProperty("logback.configurationFile", home.bootLogging().toUri().toString());
        // It would report that it replays what threads logged while it was bound, which is no news to an operator.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        // What logs by java.util.logging, as SPI Fly does, would greet on standard error before a bundle takes that over.
        Logger.getLogger("").setLevel(Level.WARNING);
        boolean shell = !invocation.has(Flag.NO_SHELL) && terminal();
        // Straight to standard error: the prompt may be what does not end.
        Console last = new Console(err, Clock.systemUTC(), invocation.logFormat().orElse(LogFormat.JSON));
        Appliance appliance = new Appliance(role, home, state.path(), properties(invocation, state), shell, unended -> last.event("error",
            "process.halted", subject() + "did not end in time: " + unended.sentence() + "; the process is halted", unended.values()));
        Signals signals = new Signals(appliance::stop, () -> appliance.services().reload());
        boolean reloads = signals.handle();
        if (!appliance.start()) {
            // A signal came while it started; it may have forwarded for a moment.
            stopped(new Console(err, Clock.systemUTC(), invocation.logFormat().orElse(LogFormat.JSON)), ExitCode.OK);
            return ExitCode.OK;
        }
        LogFormat format = invocation.logFormat().or(() -> appliance.services().logFormat()).orElse(LogFormat.JSON);
        Console console = new Console(new AbovePrompt(err, appliance.services()::abovePrompt), Clock.systemUTC(), format);
        appliance.notices().forEach(notice -> say(console, notice, notice.message(), notice.values()));
        if (!reloads) {
            say(console, role.messages().unheard(), role.messages().unheard().message(), Map.of());
        }
        announce(console, state);
        signals.ready();
        int code = appliance.serve();
        stopped(console, code);
        return code;
    }

    private void stopped(Console console, int code) {
        say(console, role.messages().stopped(), subject() + role.messages().stopped().message(), Map.of("exit_code", String.valueOf(code)));
    }

    private static void say(Console console, Notice notice, String sentence, Map<String, String> values) {
        console.event(notice.level(), notice.event(), sentence, values);
    }

    /** The beginning of a sentence. */
    private String subject() {
        return role.usage().command() + " " + home.release() + " ";
    }

    private static boolean terminal() {
        return Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal).isPresent();
    }

    private Map<String, String> properties(Invocation invocation, StateDirectory state) {
        Map<String, String> properties = new HashMap<>(invocation.properties());
        for (Flag flag : role.usage().flags()) {
            if (flag instanceof Flag.Place) {
                properties.computeIfPresent(flag.property(), (property, path) -> Path.of(path).toAbsolutePath().normalize().toString());
            }
        }
        properties.put(Flag.STATE, state.path().toString());
        properties.put("portunus.version", home.release());
        properties.put("portunus.home", home.directory().toString());
        // Where Gogo's shell looks for etc/gosh_profile.
        properties.put("gosh.home", home.directory().resolve("lib").toString());
        return properties;
    }

    private void announce(Console console, StateDirectory state) {
        String sentence = subject() + role.messages().started().message();
        Map<String, String> values = new HashMap<>(Map.of("version", home.release()));
        var admin = state.line("admin.address");
        if (admin.isPresent()) {
            sentence += "; admin on http://" + admin.get();
            values.put("admin", admin.get());
            Path token = state.path().resolve("admin.token");
            if (Files.exists(token)) {
                sentence += "; token in " + token;
                values.put("token_file", token.toString());
            }
        }
        say(console, role.messages().started(), sentence, values);
    }
}
