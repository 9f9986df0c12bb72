// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.NodeInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The file as it was read at start, and what was done with it. Immutable.
 *
 * @param outcome what reading it came to
 * @param file its path, for messages
 * @param node who the node is
 */
record LoadedConfig(ConfigOutcome outcome, String file, NodeInfo node) {
    /** Loads the file and pushes its configurations; a file with problems pushes none. */
    static LoadedConfig load(Function<String, Optional<String>> properties, ConfigPush push) {
        ConfigOutcome outcome = pushed(ConfigLoader.load(properties), push);
        Optional<String> label = outcome instanceof ConfigOutcome.Valid valid ? valid.config().global().label() : Optional.empty();
        return new LoadedConfig(outcome, properties.apply(ConfigLoader.CONFIG).orElse("configuration"),
            NodeIdentity.of(label, properties.apply("portunus.version")));
    }

    private static ConfigOutcome pushed(ConfigOutcome outcome, ConfigPush push) {
        try {
            if (outcome instanceof ConfigOutcome.Valid valid) {
                push.push(valid.config());
            } else {
                push.withdraw();
            }
            return outcome;
        } catch (IOException unwritable) {
            List<Problem> problems = new ArrayList<>();
            if (outcome instanceof ConfigOutcome.Invalid invalid) {
                problems.addAll(invalid.problems());
            }
            problems.add(Problem.of(ProblemCode.IO_ERROR, "", "the configuration cannot be stored (" + unwritable.getMessage()
                + "); check space and permissions of the state folder"));
            return new ConfigOutcome.Invalid(problems);
        }
    }

    /** What is wrong with the file; empty when nothing is. */
    List<Problem> problems() {
        return outcome instanceof ConfigOutcome.Invalid invalid ? invalid.problems() : List.of();
    }

    /** The same for people, a line each. */
    String report() {
        return problems().stream().map(p -> ProblemLine.of(file, p)).collect(Collectors.joining("\n"));
    }
}
