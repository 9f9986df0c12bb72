// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.launcher.role.Flag;
import io.portunus.launcher.role.Role;
import io.portunus.launcher.role.Tool;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntBiFunction;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** The command line of a role. Confined to the main thread. */
final class RoleCommand {
    private final Role role;
    private final ToIntFunction<Invocation> action;
    private final ToIntBiFunction<Tool, Invocation> tools;

    /**
     * A command line.
     *
     * @param action what it does without a subcommand
     * @param tools what a subcommand does
     */
    RoleCommand(Role role, ToIntFunction<Invocation> action, ToIntBiFunction<Tool, Invocation> tools) {
        this.role = role;
        this.action = action;
        this.tools = tools;
    }

    /** A parser of this command line; a repeated option overrides the earlier one, so that wrapper scripts can have defaults. */
    CommandLine parser(String release) {
        CommandLine line = usage(role).setOverwrittenOptionsAllowed(true).setExecutionStrategy(this::run);
        String version = role.usage().command() + " " + release;
        line.getCommandSpec().version(version);
        line.getSubcommands().values().forEach(sub -> sub.getCommandSpec().version(version));
        return line;
    }

    /** What the usage shows, and what is taken; it does nothing yet. */
    static CommandLine usage(Role role) {
        CommandSpec spec = spec(role.usage().summary(), role.usage().footer()).name(role.usage().command());
        role.usage().flags().forEach(flag -> spec.addOption(option(flag)));
        spec.mixinStandardHelpOptions(true);
        for (Tool tool : role.usage().tools()) {
            CommandSpec sub = spec(tool.summary(), tool.footer()).mixinStandardHelpOptions(true);
            tool.flags().forEach(flag -> sub.addOption(option(flag)));
            spec.addSubcommand(tool.name(), sub);
        }
        return new CommandLine(spec);
    }

    private static CommandSpec spec(String summary, List<String> footer) {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().sortOptions(false).description(summary).footer(footer.toArray(String[]::new));
        return spec;
    }

    private int run(ParseResult parsed) {
        Optional<Integer> help = Optional.ofNullable(CommandLine.executeHelpRequest(parsed));
        return help.orElseGet(() -> execute(parsed));
    }

    private int execute(ParseResult parsed) {
        Invocation invocation = invocation(role.usage().flags(), parsed);
        try {
            if (!parsed.hasSubcommand()) {
                return action.applyAsInt(invocation);
            }
            ParseResult its = parsed.subcommand();
            Tool tool = role.usage().tools().stream().filter(one -> one.name().equals(its.commandSpec().name())).findFirst().orElseThrow();
            return tools.applyAsInt(tool, invocation.with(invocation(tool.flags(), its).properties()));
        } catch (RuntimeException lastResort) {
            throw new ExecutionException(parsed.commandSpec().commandLine(), String.valueOf(lastResort.getMessage()), lastResort);
        }
    }

    private static Invocation invocation(List<Flag> flags, ParseResult parsed) {
        Map<String, String> properties = new HashMap<>();
        for (Flag flag : flags) {
            Optional<String> value = parsed.hasMatchedOption(flag.names().getFirst())
                ? Optional.of(flag instanceof Flag.Switch on ? on.value() : parsed.matchedOptionValue(flag.names().getFirst(), ""))
                : flag instanceof Flag.Place place ? place.otherwise() : Optional.empty();
            value.ifPresent(its -> properties.put(flag.property(), its));
        }
        return new Invocation(properties);
    }

    private static OptionSpec option(Flag flag) {
        OptionSpec.Builder option = OptionSpec.builder(flag.names().toArray(String[]::new)).description(flag.description());
        return switch (flag) {
            case Flag.Switch on -> option.type(boolean.class).arity("0").build();
            case Flag.Place place -> option.type(String.class).arity("1").paramLabel("PATH").converters(RoleCommand::path).build();
            case Flag.Word word -> option.type(String.class).arity("1").paramLabel(word.label()).converters(value -> read(word, value)).build();
        };
    }

    private static String read(Flag.Word word, String value) {
        try {
            return word.reader().apply(value);
        } catch (IllegalArgumentException wrong) {
            throw new TypeConversionException(wrong.getMessage());
        }
    }

    /** Takes no empty path, which would be the working directory: a variable of a script was not set. */
    private static String path(String value) {
        if (value.isBlank()) {
            throw new TypeConversionException("it is empty; name a path, or leave the option out");
        }
        try {
            return Path.of(value).toString();
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + value + "' is no path here (" + e.getReason() + "); name files in UTF-8");
        }
    }
}
