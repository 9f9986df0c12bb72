// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.RuleSet;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.RuleStatus;
import io.portunus.node.api.RuleTimes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CompletionsTest {
    private final SampleNode engine = new SampleNode();
    private final NodeParts parts = new NodeParts();
    private final Completions completions = new Completions(parts);

    @BeforeEach
    void bind() {
        parts.engine = engine;
        parts.bundles = new SampleBundles();
        parts.catalog = new RuleCatalog() {
            @Override
            public Optional<RuleSet> current() {
                return Optional.of(SampleNode.RULES);
            }

            @Override
            public List<RuleStatus> statuses() {
                return SampleNode.RULES.rules().stream().map(rule -> new RuleStatus(rule, RuleStatus.State.ACTIVE, List.of())).toList();
            }

            @Override
            public Map<Long, RuleTimes> ruleTimes() {
                return Map.of();
            }
        };
    }

    private List<String> after(String... words) {
        return completions.of(Arrays.asList(words));
    }

    @Test
    void offersCommandsOnlyAsTheFirstWord() {
        assertThat(after("r")).containsExactly("release", "reload", "remove", "rollback", "rules");
        assertThat(after("portunus:ru")).containsExactly("portunus:rules");
        assertThat(after("rules", "r")).isEmpty();
        assertThat(after("")).contains("help", "upgrade").doesNotContain("complete", "terminal", "unknown");
    }

    @Test
    void offersRulesAndTheirTargets() {
        assertThat(after("drain", "")).containsExactly("any", "local", "rest", "web");
        assertThat(after("portunus:undrain", "w")).containsExactly("web");
        assertThat(after("flows", "-r", "l")).containsExactly("local");
        assertThat(after("targets", "-")).containsExactly("-r");
        assertThat(after("limits", "-")).containsExactly("-r");
        assertThat(after("drain", "web", "")).containsExactly("10.0.0.1:8443");
        assertThat(after("drain", "web", "10.0.0.1:8443", "")).isEmpty();
    }

    @Test
    void offersBundlesVersionsPortsFlowsAndCommands() {
        assertThat(after("rollback", "")).contains("flow.tls", "org.example.x");
        assertThat(after("pin", "-r", "web", "flow.tls", "")).containsExactly("0.1.0", "0.1.1");
        assertThat(after("explain", "-p", "")).contains("443");
        assertThat(after("kill", "")).contains("2");
        assertThat(after("help", "ru")).containsExactly("rules");
        assertThat(after("log", "x", "")).containsExactly("debug", "error", "info", "off", "trace", "warn");
    }

    @Test
    void offersNothingOfWhatIsMissing() {
        NodeParts none = new NodeParts();

        for (String command : List.of("drain", "rollback", "pin", "kill", "log", "nothing")) {
            assertThat(new Completions(none).of(List.of(command, ""))).isEmpty();
        }
        assertThat(new Completions(none).of(List.of())).isEmpty();
    }
}
