// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import static io.portunus.config.file.Texts.RULE;
import static io.portunus.config.file.Texts.problems;
import static io.portunus.config.file.Texts.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Governance;
import io.portunus.model.PolicySettings;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GovernanceKeysTest {
    @Test
    void withoutAKeyARuleIsNobodysAndNamesNoPolicy() {
        assertThat(rule(RULE).governance()).isEqualTo(Governance.NONE);
    }

    @Test
    void everyKeyIsReadAsWritten() {
        Governance its = rule(RULE
            + "owner = \"team-a\"\nlabels = { tier = \"gold\", \"a b\" = \"\" }\n[rule.policies.cap]\nrate = 3\n").governance();

        assertThat(its.owner()).contains("team-a");
        assertThat(its.labels()).isEqualTo(Map.of("tier", "gold", "a b", ""));
        assertThat(its.policies()).isEqualTo(Map.of("cap", new PolicySettings(Map.of("rate", 3L))));
    }

    @Test
    void whatNobodyDeclaresIsKeptAsItIsWritten() {
        Map<String, PolicySettings> its = rule(RULE + "policies.cap = { text = \"x\", real = 1.5, flag = true, list = [\"a\", 2] }\n").governance()
            .policies();

        assertThat(its).isEqualTo(Map.of("cap", new PolicySettings(Map.of("text", "x", "real", 1.5, "flag", true, "list", List.of("a", 2L)))));
        assertThat(rule(RULE + "policies.cap = {}\n").governance().policies()).isEqualTo(Map.of("cap", PolicySettings.NONE));
    }

    @Test
    void moreThanARuleMayHaveIsRefused() {
        String labels = IntStream.rangeClosed(0, Governance.MAX_LABELS).mapToObj(i -> "l" + i + " = \"\"").collect(Collectors.joining(", "));
        String policies = IntStream.rangeClosed(0, Governance.MAX_POLICIES).mapToObj(i -> "p" + i + " = {}").collect(Collectors.joining(", "));

        assertThat(problems(RULE + "labels = { " + labels + " }\n")).singleElement()
            .satisfies(problem -> assertThat(problem.path()).startsWith("rule[0].labels.l"));
        assertThat(problems(RULE + "policies = { " + policies + " }\n")).singleElement()
            .satisfies(problem -> assertThat(problem.path()).startsWith("rule[0].policies.p"));
    }
}
