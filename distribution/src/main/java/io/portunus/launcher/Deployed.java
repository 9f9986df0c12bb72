// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.launcher.role.Flag;
import io.portunus.launcher.role.Notice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What was deployed, at one start: with it, or without, because an operator asks for that or because the last starts with it have failed.
 * Confined to the main thread.
 */
final class Deployed {
    /** The framework's property with why it is left out: the flag's value, or this. */
    private static final String FAILED = "failed";
    private final Path jars;
    private final Generation generation;
    private final StartAttempts attempts;
    private final Optional<String> leftOut;
    private final Consumer<Notice> notices;

    private Deployed(Path state, Generation generation, Optional<String> leftOut, Consumer<Notice> notices) {
        this.jars = state.resolve("jars");
        this.generation = generation;
        this.attempts = StartAttempts.of(state);
        this.leftOut = leftOut.or(() -> generation.deploys() && attempts.leavesOut() ? Optional.of(FAILED) : Optional.empty());
        this.notices = notices;
    }

    /**
     * Looks what there is.
     *
     * @param properties what the command line sets
     * @param notices called with what is left out, and why
     */
    static Deployed of(Path state, Map<String, String> properties, Consumer<Notice> notices) {
        Deployed deployed = new Deployed(state, Generation.read(state, notices),
            Optional.ofNullable(properties.get(Flag.WITHOUT_DEPLOYED.property())), notices);
        deployed.report();
        return deployed;
    }

    private void report() {
        if (leftOut.isEmpty() || !generation.deploys()) {
            return;
        }
        String names = generation.bundles().stream().filter(entry -> entry.jar().isPresent())
            .map(entry -> entry.name() + " " + entry.version()).collect(Collectors.joining(", "));
        notices.accept(leftOut.get().equals(FAILED)
            ? new Notice("error", "generation.left_out", "What was deployed is left out (" + names + "), because the last " + StartAttempts.MOST
                + " starts with it failed; remove or upgrade what is at fault, or delete " + attempts.file() + " to have it tried again.",
                Map.of("bundles", names))
            : new Notice("warn", "generation.left_out", "What was deployed is left out (" + names + "), as "
                + Flag.WITHOUT_DEPLOYED.names().getFirst() + " asks; the next start has it again.", Map.of("bundles", names)));
    }

    /** The plan of a start with it. */
    LaunchPlan beside(LaunchPlan own) {
        return leftOut.isPresent() ? own : own.with(generation, jars, notices);
    }

    /** The framework's properties with the one that lets bundles know of it. */
    Map<String, String> into(Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(properties);
        leftOut.ifPresent(why -> all.put(Flag.WITHOUT_DEPLOYED.property(), why));
        return all;
    }

    /** From here on code of bundles runs, which may end the process. */
    void begin() throws IOException {
        if (counts()) {
            attempts.begin();
        }
    }

    /** The start came to a good end, or was called off. */
    void end() throws IOException {
        if (counts()) {
            attempts.end();
        }
    }

    /** The start fails by what the file of the configuration asks for, which nothing that was deployed has a part in. */
    void excuse() {
        try {
            end();
        } catch (IOException e) {
            // It fails anyway, and is reported; one start more counts.
            return;
        }
    }

    /** What an operator leaves out proves nothing. */
    private boolean counts() {
        return generation.deploys() && leftOut.filter(Flag.WITHOUT_DEPLOYED.value()::equals).isEmpty();
    }
}
