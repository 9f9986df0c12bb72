// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.RuleSet;
import io.portunus.node.api.LogLevels;
import io.portunus.node.api.NodeInfo;
import io.portunus.node.api.ReadinessCheck;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.RuleStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CommandsTest {
    private final NodeParts parts = new NodeParts();
    private final SampleNode engine = new SampleNode();
    private final RuleCommands rules = new RuleCommands(parts);
    private final FlowCommands flows = new FlowCommands(parts);
    private final NodeCommands node = new NodeCommands(parts);

    private void bindAll() {
        parts.bindEngine(engine);
        parts.bindCatalog(new RuleCatalog() {
            @Override
            public Optional<RuleSet> current() {
                return Optional.of(SampleNode.RULES);
            }

            @Override
            public List<RuleStatus> statuses() {
                return List.of(new RuleStatus(SampleNode.WEB, RuleStatus.State.ACTIVE, List.of()),
                    new RuleStatus(SampleNode.LOCAL, RuleStatus.State.FAILED, List.of(Problem.of(ProblemCode.PORT_IN_USE, "listen 127.0.0.1:5001",
                        "another process has the port"))));
            }
        });
    }

    private static ReadinessCheck check(String name, Problem... problems) {
        return new ReadinessCheck() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<Problem> problems() {
                return List.of(problems);
            }
        };
    }

    @Test
    void saysInOneSentenceWhatIsMissing() {
        assertThat(rules.rules()).isEqualTo("no rule source is running; 'portunus:health' says what is missing");
        assertThat(rules.explain("-p", "1")).isEqualTo("no forwarding engine is running; 'portunus:health' says what is missing");
        assertThat(flows.flows()).isEqualTo("no forwarding engine is running; 'portunus:health' says what is missing");
        assertThat(node.log()).contains("logging.json is not active");
    }

    @Test
    void keepsTheNewServiceWhenTheOldOneIsUnboundAfterwards() {
        SampleNode second = new SampleNode();

        parts.bindEngine(engine);
        parts.bindEngine(second);
        parts.unbindEngine(engine);

        assertThat(parts.engine.needed()).isSameAs(second);
        parts.unbindEngine(second);
        assertThat(parts.engine.now()).isEmpty();
    }

    @Test
    void listsRulesWithTheirStateAndWhyTheyFailed() {
        bindAll();

        assertThat(rules.rules()).isEqualTo("""
            ID  RULE   STATE   LISTEN               SNI              TARGET                ACTIVE  TOTAL       IN   OUT
            1   web    active  *:443                www.example.com  10.0.0.1:8443              2      7  1.5 KiB  10 B
            4   local  failed  127.0.0.1:5000-5001  -                db.example:6000-6001       -      -        -     -
            local: listen 127.0.0.1:5001: another process has the port (port_in_use)""");
    }

    @Test
    void listsListeners() {
        bindAll();

        assertThat(rules.listeners()).isEqualTo("""
            LISTENER        BOUND  ROUTES BY  RULES           PROBLEM
            *:443           yes    tls name   any, rest, web  -
            127.0.0.1:5000  yes    port       local           -
            127.0.0.1:5001  no     port       local           listen 127.0.0.1:5001: taken (port_in_use)""");
    }

    @Test
    void listsLiveFlowsOfARuleUpToALimit() {
        bindAll();

        assertThat(flows.flows("-r", "web", "-n", "1")).isEqualTo("""
            ID    AGE  RULE  NAME             PEER             TARGET         STATE       IN   OUT
             1  1m30s  web   www.example.com  192.0.2.1:50000  10.0.0.1:8443  open   1.5 KiB  10 B
            the oldest 1 of 2; -n LIMIT shows more""");
        assertThat(flows.flows("-r", "other")).isEqualTo("the rule 'other' has no live flows");
    }

    @Test
    void escapesNamesThatPeersSent() {
        assertThat(FlowsText.flows(List.of(SampleNode.flow(1, "web", "a\u001b[2J\n\u202eb\u009b\\")))).contains("a\\x1b[2J\\x0a\\u{202e}b\\x9b\\\\")
            .doesNotContain("\u001b", "\u202e", "\u009b");
    }

    @Test
    void endsFlowsAndSaysWhichWereNone() {
        bindAll();

        assertThat(flows.kill("2", "99")).isEqualTo("flow 2: ended\nflow 99: there is no such flow");
        assertThat(engine.killed).containsExactly(2L, 99L);
    }

    @Test
    void endsNoFlowWhenOneIdIsWrong() {
        bindAll();

        assertThat(flows.kill("2", "x1")).contains("'x1' is no id of a flow").endsWith("usage: portunus:kill ID...");
        assertThat(flows.kill()).endsWith("usage: portunus:kill ID...");
        assertThat(engine.killed).isEmpty();
    }

    @Test
    void answersWrongOptionsWithTheUsage() {
        bindAll();

        assertThat(flows.flows("-x")).isEqualTo("there is no option -x; usage: portunus:flows [-r RULE] [-n LIMIT]");
        assertThat(flows.flows("-n")).startsWith("the option -n needs a value; usage:");
        assertThat(flows.flows("-n", "0")).startsWith("'0' after -n is no whole number from 1 to 100000; usage:");
        assertThat(flows.flows("-n", "1", "-n", "2")).startsWith("the option -n is given twice; usage:");
        assertThat(rules.rules("all")).startsWith("'all' is one word too many; usage: portunus:rules");
        assertThat(rules.explain()).startsWith("which port?").contains("usage: portunus:explain -p PORT");
        assertThat(rules.explain("-p", "70000")).contains("from 1 to 65535");
        assertThat(rules.explain("-p", "1", "-a", "host")).startsWith("'host' after -a is no IP address");
        assertThat(rules.explain("-p", "1", "-s", "a", "--plain")).contains("exclude each other");
        assertThat(rules.explain("-p", "1", "-s", "ü")).contains("xn--");
    }

    @Test
    void explainsWhyEachRuleWasChosenOrNot() {
        bindAll();

        String text = rules.explain("-p", "443", "-s", "WWW.example.com.", "-a", "192.0.2.7");

        assertThat(text.lines()).containsExactly(
            "a connection from 192.0.2.7 to port 443 with TLS for www.example.com (no rule asks for the source)",
            "goes to 10.0.0.1:8443 by rule web",
            "RULE   CHOSEN  WHY",
            "web    yes     the name asked for is the rule's name",
            "any    no      it matches as a wildcard, but another rule has the exact name",
            "rest   no      another rule has the name asked for",
            "local  no      it does not listen on port 443");
    }

    @Test
    void explainsConnectionsWithoutTlsWithoutNameAndToCertainAddresses() {
        bindAll();

        assertThat(rules.explain("-p", "443", "--plain")).contains("is refused: this port takes TLS only");
        assertThat(rules.explain("-p", "443")).contains("goes to 10.0.0.3:8443 by rule rest");
        assertThat(rules.explain("-p", "5001")).contains("goes to db.example:6001 by rule local");
        assertThat(rules.explain("-p", "5001", "-b", "127.0.0.1", "--plain")).contains("goes to db.example:6001 by rule local");
    }

    @Test
    void showsTheNodeInAFewLines() {
        bindAll();
        parts.bindInfo(new NodeInfo() {
            @Override
            public String label() {
                return "edge-1";
            }

            @Override
            public String version() {
                return "0.1.0";
            }

            @Override
            public Instant startedAt() {
                return Instant.parse("2026-01-01T00:00:00Z");
            }
        });

        assertThat(NodeText.status(parts, Instant.parse("2026-01-01T02:05:00Z"))).isEqualTo("""
            node       edge-1, version 0.1.0, up 2h05m since 2026-01-01T00:00:00Z
            ready      no, 'portunus:health' says why
            rules      2 (1 active, 1 failed, 0 disabled), revision r1
            listeners  2 of 3 bound
            flows      3 live, 12 accepted since start
            records    0 access records dropped
            ended      8 completed, 1 not_tls""");
    }

    @Test
    void saysWhichPartOfTheNodeIsNotReady() {
        parts.bindCheck(check(ReadinessCheck.RULES));
        ReadinessCheck forwarding = check(ReadinessCheck.FORWARDING, Problem.of(ProblemCode.COMPONENT_MISSING, "", "there is no transport"));
        parts.bindCheck(forwarding);

        assertThat(node.health()).isEqualTo("""
            not ready
            PART        READY  PROBLEM
            admin       no     this part is not running (component_missing)
            forwarding  no     there is no transport (component_missing)
            rules       yes    -""");

        parts.unbindCheck(forwarding);
        parts.bindCheck(check(ReadinessCheck.FORWARDING));
        parts.bindCheck(check(ReadinessCheck.ADMIN));
        assertThat(node.health()).startsWith("ready\n");
        assertThat(node.status()).contains("ready      yes");
    }

    @Test
    void showsAndSetsLogLevels() {
        Map<String, String> levels = new TreeMap<>(Map.of("ROOT", "warn"));
        parts.bindLevels(new LogLevels() {
            @Override
            public Map<String, String> levels() {
                return levels;
            }

            @Override
            public void level(String logger, String level) {
                if (level.equals("loud")) {
                    throw new IllegalArgumentException("there is no log level 'loud'");
                }
                levels.put(logger, level);
            }
        });

        assertThat(node.log("io.portunus", "debug")).isEqualTo("logger io.portunus is at level debug until the next restart");
        assertThat(node.log()).isEqualTo("LOGGER       LEVEL\nROOT         warn\nio.portunus  debug");
        assertThat(node.log("x", "loud")).isEqualTo("there is no log level 'loud'; usage: portunus:log [LOGGER LEVEL]");
        assertThat(node.log("x")).startsWith("which level?");
    }

    @Test
    void writesAmountsForPeople() {
        assertThat(Amounts.bytes(1023)).isEqualTo("1023 B");
        assertThat(Amounts.bytes(1024 * 1024 - 1)).isEqualTo("1.0 MiB");
        assertThat(Amounts.bytes(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
        assertThat(Amounts.age(java.time.Duration.ofMillis(350))).isEqualTo("350ms");
        assertThat(Amounts.age(java.time.Duration.ofMillis(12_340))).isEqualTo("12.3s");
        assertThat(Amounts.age(java.time.Duration.ofHours(76))).isEqualTo("3d04h");
    }
}
