// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.portunus.flow.api.ListenerView;
import io.portunus.flow.api.TargetOutlook;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Governance;
import io.portunus.model.ListenKey;
import io.portunus.model.Match;
import io.portunus.model.PolicySettings;
import io.portunus.model.PortRange;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.RateLimit;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetAddress;
import io.portunus.node.api.Actor;
import io.portunus.node.api.Change;
import io.portunus.node.api.ChangeLog;
import io.portunus.node.api.ConfigReload;
import io.portunus.node.api.LogLevels;
import io.portunus.node.api.NodeInfo;
import io.portunus.node.api.ReadinessCheck;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.RuleStatus;
import io.portunus.node.api.RuleTimes;
import io.portunus.node.api.SettingsCatalog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;

class CommandsTest {
    private final NodeParts parts = new NodeParts();
    private final SampleNode engine = new SampleNode();
    private final RuleCommands rules = new RuleCommands(parts);
    private final FlowCommands flows = new FlowCommands(parts);
    private final TargetCommands targets = new TargetCommands(parts);
    private final NodeCommands node = new NodeCommands(parts);
    private final CommandSession session = SampleSession.create();
    private final List<Change> changes = new ArrayList<>();

    private void bindAll() {
        parts.engine = engine;
        parts.changes = changeLog();
        parts.catalog = new RuleCatalog() {
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

            @Override
            public Map<Long, RuleTimes> ruleTimes() {
                return Map.of();
            }
        };
    }

    private ChangeLog changeLog() {
        return new ChangeLog() {
            @Override
            public void add(Change change) {
                changes.add(change);
            }

            @Override
            public List<Change> recent() {
                return changes.reversed();
            }
        };
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
    void answersInOneSentenceWhatIsMissing() {
        assertThat(rules.rules(session)).isEqualTo("no rule source is running; 'portunus:health' says what is missing");
        assertThat(rules.explain(session, "-p", "1")).isEqualTo("no forwarding engine is running; 'portunus:health' says what is missing");
        assertThat(flows.flows(session)).isEqualTo("no forwarding engine is running; 'portunus:health' says what is missing");
        assertThat(node.log(session)).contains("logging.json is not active");
    }

    @Test
    void listsRulesWithTheirStateAndWhyTheyFailed() {
        bindAll();

        assertThat(rules.rules(session)).isEqualTo("""
            ID  RULE   STATE   LISTEN               MATCH            TARGETS               ACTIVE  TOTAL       IN   OUT
            1   web    active  *:443                www.example.com  10.0.0.1:8443              2      7  1.5 KiB  10 B
            4   local  failed  127.0.0.1:5000-5001  -                db.example:6000-6001       -      -        -     -
            local: listen 127.0.0.1:5001: another process has the port (port_in_use)""");
    }

    @Test
    void listsListeners() {
        bindAll();

        assertThat(rules.listeners(session)).isEqualTo("""
            LISTENER        BOUND  CARRIED BY  ROUTES BY  RULES           PROBLEM
            *:443           yes    xnio        tls name   any, rest, web  -
            127.0.0.1:5000  yes    xnio        port       local           -
            127.0.0.1:5001  no     xnio        port       local           listen 127.0.0.1:5001: taken (port_in_use)""");
    }

    @Test
    void listsLimitsWithTheirUseAndWhatBecameOfFlows() {
        bindAll();

        assertThat(rules.limits(session).replaceAll("conn_rate [0-9]+d[0-9]+h ago", "conn_rate long ago")).isEqualToNormalizingWhitespace("""
            OF NAME POLICY USE REFUSED LAST HELD BACK DROPPED SET
            rule web limits open 2 conn_rate 3 192.0.2.1 by conn_rate long ago in 1.5s, out 0ms in 0, out 7 bandwidth_in_bps 1000, \
            new_connections_per_sec 5
            owner acme seats - - - - - flows 9""");
        assertThat(rules.limits(session, "-r", "web")).contains("web").doesNotContain("acme");
        assertThat(rules.limits(session, "-r", "local")).isEqualTo("the rule local sets no limits");
        assertThat(rules.limits(session, "-r", "acme")).isEqualTo("there is no rule 'acme'; 'portunus:rules' lists them");
        assertThat(rules.limits(session, "web")).contains("usage: portunus:limits [-r RULE]");
    }

    @Test
    void listsTargetsWithTheirHealth() {
        bindAll();

        assertThat(targets.targets(session, "-r", "web")).contains("10.0.0.1:8443").contains("healthy").doesNotContain("db.example");
        assertThat(targets.targets(session)).contains("refused").contains("192.0.2.9 (servfail)");
        assertThat(targets.targets(session, "-r", "other")).isEqualTo("there is no rule 'other'; 'portunus:rules' lists them");
    }

    @Test
    void drainsATargetAndTakesItBack() {
        bindAll();

        assertThat(targets.drain(session, "web", "10.0.0.1:8443")).contains("gets no new connections of web");
        assertThat(targets.targets(session)).contains("drained");
        assertThat(targets.undrain(session, "web", "10.0.0.1:8443")).contains("gets new connections of web again");
        assertThat(targets.drain(session, "web", "10.0.0.9:1")).contains("has no target 10.0.0.9:1");
        assertThat(targets.drain(session, "web")).contains("usage: portunus:drain RULE TARGET");
        assertThat(changes).extracting(c -> c.what() + " " + c.subject() + " " + c.outcome()).containsExactly(
            "target.drain web 10.0.0.1:8443 done", "target.undrain web 10.0.0.1:8443 done", "target.drain web 10.0.0.9:1 not_found");
    }

    @Test
    void listsLiveFlowsOfARuleUpToALimit() {
        bindAll();

        assertThat(flows.flows(session, "-r", "web", "-n", "1")).isEqualTo("""
            ID    AGE  RULE  NAME             PEER             TARGET         STATE       IN   OUT  HANDLERS
             1  1m30s  web   www.example.com  192.0.2.1:50000  10.0.0.1:8443  open   1.5 KiB  10 B  tcp 0.1.0, tls 0.1.1
            the oldest 1 of 2; -n LIMIT shows more""");
        assertThat(flows.flows(session, "-r", "other")).isEqualTo("there is no rule 'other'; 'portunus:rules' lists them");
    }

    @Test
    void escapesNamesThatPeersSent() {
        assertThat(FlowsText.flows(new NodeParts(), List.of(SampleNode.flow(1, "web", "a\u001b[2J\n\u202eb\u009b\\"))))
            .contains("a\\x1b[2J\\x0a\\u{202e}b\\x9b\\\\")
            .doesNotContain("\u001b", "\u202e", "\u009b");
    }

    @Test
    void endsFlowsAndNamesThoseThatWereNone() {
        bindAll();

        assertThat(flows.kill(session, "2", "99")).isEqualTo("flow 2: ended\nflow 99: there is no such flow");
        assertThat(engine.killed).containsExactly(2L, 99L);
        assertThat(session.get(Caller.REFUSED)).isEqualTo("");
        assertThat(flows.kill(session, "98")).isEqualTo("flow 98: there is no such flow");
        assertThat(session.get(Caller.REFUSED)).isEqualTo("flow 98: there is no such flow");
        Actor terminal = new Actor("shell", "");
        assertThat(changes).usingRecursiveFieldByFieldElementComparatorIgnoringFields("at").containsExactly(
            new Change(Instant.EPOCH, terminal, "flow.kill", "2 99", "live: 2", "ended: 2", "done"),
            new Change(Instant.EPOCH, terminal, "flow.kill", "98", "", "", "not_found"));
    }

    @Test
    void endsNoFlowWhenOneIdIsWrong() {
        bindAll();

        assertThat(flows.kill(session, "2", "x1")).contains("'x1' is no id of a flow").endsWith("usage: portunus:kill ID...");
        assertThat(flows.kill(session)).endsWith("usage: portunus:kill ID...");
        assertThat(engine.killed).isEmpty();
    }

    @Test
    void answersWrongOptionsWithTheUsage() {
        bindAll();

        assertThat(flows.flows(session, "-x")).isEqualTo("there is no option -x; usage: portunus:flows [-r RULE] [-n LIMIT]");
        assertThat(flows.flows(session, "-n")).startsWith("the option -n needs a value; usage:");
        assertThat(flows.flows(session, "-n", "0")).startsWith("'0' after -n is no whole number from 1 to 100000; usage:");
        assertThat(flows.flows(session, "-n", "1", "-n", "2")).startsWith("the option -n is given twice; usage:");
        assertThat(rules.rules(session, "all")).startsWith("'all' is one word too many; usage: portunus:rules");
        assertThat(rules.explain(session)).startsWith("which port?").contains("usage: portunus:explain -p PORT");
        assertThat(rules.explain(session, "-p", "70000")).contains("from 1 to 65535");
        assertThat(rules.explain(session, "-p", "1", "-a", "host")).startsWith("'host' after -a is no IP address");
        assertThat(rules.explain(session, "-p", "1", "-s", "a", "--plain")).contains("excludes -s and -k");
        assertThat(rules.explain(session, "-p", "1", "-k", "SSH")).contains("is no kind of protocol");
        assertThat(rules.explain(session, "-p", "1", "-s", "ü")).contains("xn--");
    }

    @Test
    void explainsWhyEachRuleWasChosenOrNot() {
        bindAll();

        String text = rules.explain(session, "-p", "443", "-s", "WWW.example.com.", "-a", "192.0.2.7");

        assertThat(text.lines()).containsExactly(
            "a connection from 192.0.2.7 to port 443 with TLS for www.example.com",
            "goes to 10.0.0.1:8443 by rule web",
            "now: 10.0.0.1:8443",
            "RULE  CHOSEN  WHY",
            "web   yes     the name asked for is the rule's name",
            "any   no      it matches as a wildcard, but another rule has the exact name",
            "rest  no      another rule has the name asked for");
    }

    @Test
    void listsSettingsAndWhatThoseOfATableMean() {
        assertThat(node.settings(session)).startsWith("the settings are not known");
        parts.settings = () -> List.of(new SettingsCatalog.Entry("dns", "timeout", "2s", true, "How long."),
            new SettingsCatalog.Entry("limits", "max_peeks", "1024", false, "How many."));

        assertThat(node.settings(session).lines()).containsExactly("SETTING           CHANGED  VALUE", "dns.timeout       yes      2s",
            "limits.max_peeks  no       1024");
        assertThat(node.settings(session, "dns").lines()).containsExactly("KEY      VALUE  MEANING", "timeout  2s     How long.");
        assertThat(node.settings(session, "dsn")).isEqualTo("no bundle has a table [dsn]; did you mean 'dns'?");
        assertThat(node.settings(session, "dns", "x")).contains("one word too many");
    }

    private static String explained(ForwardingTable table, String... args) {
        return explained(table, Optional.empty(), args);
    }

    private static String explained(ForwardingTable table, Optional<TargetOutlook> outlook, String... args) {
        return ExplainText.render(table, new ExplainText.Running(Set.of(), (route, client) -> outlook,
            (routes, client) -> Map.of("inspector.tls", "io.portunus.flow.tls 0.1.0", "policy.cap", "")), args);
    }

    @Test
    void explainsWhoServes() {
        assertThat(explained(ForwardingTable.compile(SampleNode.RULES), "-p", "443"))
            .contains("inspector.tls flow.tls 0.1.0", "policy.cap nobody");
    }

    @Test
    void explainsWhatTargetsAreLeft() {
        ForwardingTable table = ForwardingTable.compile(SampleNode.RULES);

        assertThat(explained(table, Optional.of(new TargetOutlook(List.of("a:1", "b:2"), true)), "-p", "443"))
            .contains("\nnow: a:1 or b:2, by first, though failed, since no other is left\n");
        assertThat(explained(table, Optional.of(TargetOutlook.NONE), "-p", "443"))
            .contains("\nnow: no target; each is drained, full or failed, as 'portunus:targets -r rest' tells\n");
        assertThat(explained(table, "-p", "9")).endsWith("is refused: nothing listens there\nno rule listens on port 9; 'portunus:rules'"
            + " lists those that there are");
    }

    @Test
    void explainsConnectionsWithoutTlsWithoutNameAndToCertainAddresses() {
        bindAll();

        assertThat(rules.explain(session, "-p", "443", "--plain")).contains("is refused: this port takes TLS only");
        assertThat(rules.explain(session, "-p", "443")).contains("goes to 10.0.0.3:8443 by rule rest");
        assertThat(rules.explain(session, "-p", "5001")).contains("goes to db.example:6001 by rule local");
        assertThat(rules.explain(session, "-p", "5001", "-b", "127.0.0.1", "--plain")).contains("goes to db.example:6001 by rule local");
    }

    @Test
    void explainsByWhatAConnectionIsLimited() {
        Rule limited = Rule.of(5, "limited", List.of(PortRange.of(443)), Match.ANY, TargetAddress.parse("10.0.0.5:22")).withGovernance(
            new Governance(Optional.empty(), Map.of(), Map.of(RateLimit.KIND, new PolicySettings(
                Map.of("bandwidth_in_bps", 8L, "concurrent_connections", 2L)))));

        assertThat(explained(ForwardingTable.compile(new RuleSet("r", List.of(limited))), "-p", "443"))
            .contains("by rule limited\nlimited by: limits {bandwidth_in_bps=8, concurrent_connections=2}\n");
    }

    @Test
    void explainsConnectionsOfAnotherProtocol() {
        Rule ssh = Rule.of(5, "ssh", List.of(PortRange.of(443)), Match.ofKind("ssh"),
            TargetAddress.parse("10.0.0.5:22"));
        ForwardingTable table = ForwardingTable.compile(new RuleSet("r", List.of(SampleNode.WEB, ssh)));

        assertThat(explained(table, "-p", "443", "-k", "ssh"))
            .startsWith("a connection to port 443 with ssh\ngoes to 10.0.0.5:22 by rule ssh\n");
        assertThat(explained(table, "-p", "443", "-k", "http")).contains("is refused: this port is shared by protocol");
        ListenerView listener = new ListenerView(ListenKey.tcp(Optional.empty(), 443), List.of("web"), "xnio", Optional.empty(), Instant.EPOCH);
        assertThat(ListenersText.render(List.of(listener), table)).contains("tls name, ssh");
    }

    @Test
    void readsTheConfigurationAgainAndListsWhatDiffered() {
        parts.reload = by -> new ConfigReload.Report(ConfigReload.Result.APPLIED, "r2", List.of("a", "b"), List.of("c"), List.of(),
            List.of("log"), List.of(Problem.of(ProblemCode.PORT_IN_USE, "listen *:80", "taken")));

        assertThat(node.reload(session)).isEqualTo("""
            applied, and not all of it works, revision r2
            added    a, b
            changed  c
            settings log
            listen *:80: taken (port_in_use)""");
        assertThat(session.get(Caller.REFUSED)).isEqualTo("");

        parts.reload = by -> new ConfigReload.Report(ConfigReload.Result.REFUSED, "r2", List.of(), List.of(), List.of(), List.of(),
            List.of(Problem.of(ProblemCode.SYNTAX, "", "line 3 is no TOML")));
        assertThat(node.reload(session)).isEqualTo("refused, everything is as it was, revision r2\nline 3 is no TOML (syntax)");
        assertThat(session.get(Caller.REFUSED)).isNotEqualTo("");
    }

    @Test
    void listsTheLastChanges() {
        parts.changes = changeLog();
        assertThat(node.changes(session)).isEqualTo("nothing was changed since the start");

        changes.add(new Change(Instant.parse("2026-01-01T00:00:00.5Z"), new Actor("ssh", "ann"), "bundle.upgrade", "io.portunus.flow.tls", "0.1.0",
            "0.1.1", "done"));
        changes.add(new Change(Instant.parse("2026-01-01T00:00:07Z"), new Actor("shell", ""), "flow.kill", "7", "", "", "not_found"));

        assertThat(node.changes(session)).isEqualTo("""
            WHEN                  BY       WHAT            SUBJECT   BEFORE  AFTER  OUTCOME
            2026-01-01T00:00:07Z  shell    flow.kill       7         -       -      not_found
            2026-01-01T00:00:00Z  ssh:ann  bundle.upgrade  flow.tls  0.1.0   0.1.1  done""");
        assertThat(node.changes(session, "-n", "1")).doesNotContain("ssh:ann");
    }

    @Test
    void showsTheNodeInAFewLines() {
        bindAll();
        parts.info = new NodeInfo() {
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
        };

        assertThat(NodeText.status(parts, Instant.parse("2026-01-01T02:05:00Z"))).isEqualTo("""
            node       edge-1, version 0.1.0, up 2h05m since 2026-01-01T00:00:00Z
            ready      no, 'portunus:health' says why
            rules      2 (1 active, 1 failed, 0 disabled), revision r1
            listeners  2 of 3 bound
            pump       copy
            flows      3 live of at most 100, 12 accepted since start
            buffers    4.0 KiB of at most 1.0 MiB
            records    0 access records dropped
            ended      8 completed, 1 not_tls""");
    }

    @Test
    void namesThePartOfTheNodeThatIsNotReady() {
        parts.checks = List.of(check(ReadinessCheck.RULES), check(ReadinessCheck.DEPLOYMENT),
            check(ReadinessCheck.FORWARDING, Problem.of(ProblemCode.COMPONENT_MISSING, "", "there is no transport")));

        assertThat(node.health(session)).isEqualTo("""
            not ready
            PART        READY  PROBLEM
            admin       no     this part is not running (component_missing)
            deployment  yes    -
            forwarding  no     there is no transport (component_missing)
            rules       yes    -""");

        parts.checks = ReadinessCheck.EXPECTED.stream().map(name -> check(name)).toList();
        assertThat(node.health(session)).startsWith("ready\n");
        assertThat(node.status(session)).contains("ready      yes");
    }

    @Test
    void showsAndSetsLogLevels() {
        parts.changes = changeLog();
        Map<String, String> levels = new TreeMap<>(Map.of("ROOT", "warn"));
        parts.levels = new LogLevels() {
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
        };

        assertThat(node.log(session, "io.portunus", "debug")).isEqualTo("logger io.portunus is at level debug until the next restart");
        assertThat(node.log(session)).isEqualTo("LOGGER       LEVEL\nROOT         warn\nio.portunus  debug");
        assertThat(node.log(session, "x", "loud")).isEqualTo("there is no log level 'loud'; usage: portunus:log [LOGGER LEVEL]");
        assertThat(node.log(session, "x")).startsWith("which level?");
        assertThat(changes).extracting(Change::what, Change::subject, Change::before, Change::after, Change::outcome).containsExactly(
            tuple("log.level", "io.portunus", "inherited", "debug", "done"), tuple("log.level", "x", "inherited", "inherited", "invalid_value"));
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
