// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.rules.file.RuleTables;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads the text of a file as tests need it, those of rules as well. */
public final class Texts {
    /** A good rule; keys that follow are its own. */
    public static final String RULE = "[[rule]]\nname = \"web\"\nlisten_port = 8080\ntarget = \"10.0.0.1:80\"\n";
    /** A good rule that has no target yet. */
    public static final String NOWHERE = "[[rule]]\nname = \"web\"\nlisten_port = 8080\n";

    private Texts() {
    }

    /** What reading a text as a file comes to, which is what reading it as a whole comes to. */
    static Reading read(String text) {
        Reading result = new ConfigReader(PromptFiles.regular(), () -> Declared.GRAMMAR).read(text.getBytes(StandardCharsets.UTF_8));
        assertThat(result).isEqualTo(WholeFile.parse(text, Declared.GRAMMAR, Map.of()));
        return result;
    }

    /** What a text without problems sets. */
    static Config valid(String text) {
        assertThat(brief(text)).isEmpty();
        return ((Reading.Good) read(text)).config();
    }

    /** The rules of a text without problems. */
    public static RuleSet rules(String text) {
        return rules(valid(text));
    }

    static RuleSet rules(Config config) {
        return ((RuleTables) Optional.ofNullable(config.tables().get("rule")).orElseThrow()).set();
    }

    /** The only rule of a text without problems. */
    public static Rule rule(String text) {
        assertThat(rules(text).rules()).hasSize(1);
        return rules(text).rules().getFirst();
    }

    /** The settings of a text without problems that are not the defaults, as a text. */
    public static String settings(String text) {
        return valid(text).settings().values().toString();
    }

    /** Everything that is wrong with a text. */
    public static List<Problem> problems(String text) {
        return read(text) instanceof Reading.Bad invalid ? invalid.problems() : List.of();
    }

    /** The same as codes and paths. */
    public static String brief(String text) {
        return problems(text).stream().map(p -> p.code().code() + " " + p.path()).collect(Collectors.joining(", "));
    }

    /** The sentences of what is wrong. */
    public static List<String> sentences(String text) {
        return problems(text).stream().map(Problem::text).toList();
    }
}
