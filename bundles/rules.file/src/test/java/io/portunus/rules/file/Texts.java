// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Problem;
import io.portunus.model.Rule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Reads the text of a file as tests want it. */
final class Texts {
    /** A good rule; keys that follow are its own. */
    static final String RULE = "[[rule]]\nname = \"web\"\nlisten_port = 8080\ntarget = \"10.0.0.1:80\"\n";
    /** A good rule that has no target yet. */
    static final String NOWHERE = "[[rule]]\nname = \"web\"\nlisten_port = 8080\n";

    private Texts() {
    }

    /** What reading a text as a file comes to, which is what reading it as a whole comes to. */
    static ConfigOutcome read(String text) {
        ConfigOutcome outcome = new ConfigReader(PromptFiles.regular(), () -> Declared.ALL).read(text.getBytes(StandardCharsets.UTF_8));
        assertThat(outcome).isEqualTo(ConfigFile.parse(text, Declared.ALL));
        return outcome;
    }

    /** What a text without problems says. */
    static ParsedConfig valid(String text) {
        assertThat(brief(text)).isEmpty();
        return ((ConfigOutcome.Valid) read(text)).config();
    }

    /** The only rule of a text without problems. */
    static Rule rule(String text) {
        assertThat(valid(text).rules().rules()).hasSize(1);
        return valid(text).rules().rules().getFirst();
    }

    /** Everything that is wrong with a text. */
    static List<Problem> problems(String text) {
        return read(text) instanceof ConfigOutcome.Invalid invalid ? invalid.problems() : List.of();
    }

    /** The same as codes and paths. */
    static String brief(String text) {
        return problems(text).stream().map(p -> p.code().code() + " " + p.path()).collect(Collectors.joining(", "));
    }

    /** The sentences of what is wrong. */
    static List<String> sentences(String text) {
        return problems(text).stream().map(Problem::text).toList();
    }
}
