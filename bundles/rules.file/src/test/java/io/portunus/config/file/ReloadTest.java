// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.node.api.Actor;
import io.portunus.node.api.Change;
import io.portunus.node.api.ChangeLog;
import io.portunus.node.api.ConfigReload.Report;
import io.portunus.node.api.ConfigReload.Result;
import io.portunus.rules.file.FileRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;
import org.slf4j.event.SubstituteLoggingEvent;
import org.slf4j.helpers.SubstituteLogger;

@Timeout(20)
class ReloadTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Actor BY = new Actor("shell", "anna");
    private static final String TOP = "admin.listen = \"127.0.0.1:0\"\n";
    private static final String WEB = rule("web", 80);
    private static final String DB = rule("db", 5432);

    private final FakeConfigurations configurations = new FakeConfigurations();
    private final FakeEngine engine = new FakeEngine();
    private final ArrayDeque<SubstituteLoggingEvent> logged = new ArrayDeque<>();
    private final List<Change> changes = new ArrayList<>();
    private final AtomicInteger reopened = new AtomicInteger();
    private final ReloadEvents events = new ReloadEvents(new SubstituteLogger("test", logged, false), InstantSource.fixed(NOW), "portunus.toml");

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void writeChangesDown() {
        events.bind(new ChangeLog() {
            @Override
            public void add(Change change) {
                changes.add(change);
            }

            @Override
            public List<Change> recent() {
                return changes;
            }
        });
    }

    @Test
    void anIdenticalFileDoesNothing() throws Exception {
        Reload reload = started(TOP + WEB);

        Report report = reload.reload(BY);

        assertThat(report.result()).isEqualTo(Result.UNCHANGED);
        assertThat(report.revision()).isEqualTo(engine.published().getFirst().revision());
        assertThat(engine.published()).hasSize(1);
        assertThat(configurations.calls).isZero();
        assertThat(reported()).containsExactly("DEBUG config.unchanged");
        assertThat(changes).isEmpty();
    }

    /** A4. */
    @Test
    void everyReloadOpensLogFilesAgainWhateverBecomesOfIt() throws Exception {
        Reload reload = started(TOP + WEB);

        reload.reload(BY);
        write("nonsense");
        Report refused = reload.reload(BY);

        assertThat(refused.result()).isEqualTo(Result.REFUSED);
        assertThat(reopened).hasValue(2);
    }

    /** C12. */
    @Test
    void anotherAccessLogIsHandedOn() throws Exception {
        Reload reload = started(TOP + WEB);

        write(TOP + WEB + "[access_log]\nto = \"syslog\"\nsyslog = \"127.0.0.1:5514\"\nfields = [\"peer\", \"ech\"]\n");
        Report report = reload.reload(BY);

        assertThat(report.settings()).containsExactly("access_log");
        assertThat(configurations.pushed.get("io.portunus.access_log")).containsEntry("to", "syslog").containsEntry("syslog", "127.0.0.1:5514")
            .containsEntry("fields", List.of("PEER", "ECH"));
    }

    @Test
    void commentsAndSpellingDoNotMatter() throws Exception {
        Reload reload = started(TOP + WEB + "[global]\nlog_level = \"warn\"\n");

        write("# a comment\n\n  " + TOP + "\naccess_log = true # the default\n" + WEB.replace("_port = 80", "_port = 0x50") + "protocol = \"tcp\"\n");

        assertThat(reload.reload(BY).result()).isEqualTo(Result.UNCHANGED);
        assertThat(engine.published()).hasSize(1);
        assertThat(configurations.calls).isZero();
    }

    @Test
    void aFailedListenerIsTriedAgainThoughTheFileIsTheSame() throws Exception {
        engine.refuse(Set.of(80));
        Reload reload = started(TOP + WEB);

        List<Problem> still = reload.reload(BY).problems();
        engine.refuse(Set.of());
        Report healed = reload.reload(BY);
        reload.reload(BY);

        assertThat(still).singleElement().satisfies(p -> assertThat(p.path()).isEqualTo("listen *:80"));
        assertThat(healed.result()).isEqualTo(Result.UNCHANGED);
        assertThat(healed.problems()).isEmpty();
        assertThat(engine.published()).hasSize(3);
    }

    @Test
    void aFileThatTheNextStartWouldRefuseIsDegradedUntilItIsMended() throws Exception {
        Reload reload = started(TOP + WEB);
        assertThat(reload.last()).hasValueSatisfying(last -> assertThat(last.problems()).isEmpty());
        assertThat(reload.check().degraded()).isEmpty();

        write("acess_log = true\n" + WEB);
        assertThat(reload.reload(BY).result()).isEqualTo(Result.REFUSED);

        assertThat(reload.check().problems()).isEmpty();
        assertThat(reload.check().degraded()).isNotEmpty().allSatisfy(p -> {
            assertThat(p.text()).contains("next start would fail");
            assertThat(p.position()).isPresent();
        });
        assertThat(reload.last()).hasValueSatisfying(last -> {
            assertThat(last.problems()).isNotEmpty();
            assertThat(last.takenAt()).isBeforeOrEqualTo(last.at());
        });

        write(TOP + WEB);
        assertThat(reload.reload(BY).result()).isEqualTo(Result.UNCHANGED);

        assertThat(reload.check().degraded()).isEmpty();
        assertThat(reload.last()).hasValueSatisfying(last -> assertThat(last.problems()).isEmpty());
    }

    @Test
    void aBrokenFileChangesNothingAndReportsEveryProblem() throws Exception {
        Reload reload = started(TOP + WEB);

        write("acess_log = true\n[global]\nlog_level = \"loud\"\n" + WEB + WEB);
        Report report = reload.reload(BY);

        assertThat(report.result()).isEqualTo(Result.REFUSED);
        assertThat(report.problems()).extracting(p -> p.code().code() + " " + p.position().orElseThrow().line())
            .containsExactly("unknown_key 1", "invalid_value 3", "duplicate_name 9", "port_in_use 10");
        assertThat(engine.published()).hasSize(1);
        assertThat(configurations.calls).isZero();
        assertThat(reported()).containsExactly("ERROR config.reload_refused", "WARN config.problem", "WARN config.problem",
            "WARN config.problem", "WARN config.problem");
        assertThat(logged.getFirst().getMessage()).contains("problems=4").contains("portunus.toml:1:1: unknown_key: acess_log");
        String revision = report.revision();
        assertThat(changes).containsExactly(new Change(NOW, BY, "config.reload", "portunus.toml", revision, revision, "unknown_key"));
    }

    @Test
    void whatIsMendedAfterARefusalIsTaken() throws Exception {
        Reload reload = started(TOP + WEB);
        write("nonsense");
        reload.reload(BY);

        write(TOP + WEB);

        assertThat(reload.reload(BY).result()).isEqualTo(Result.UNCHANGED);
    }

    @Test
    void rulesAreComparedByName() throws Exception {
        Reload reload = started(TOP + WEB + DB + rule("old", 81));
        String before = engine.published().getFirst().revision();

        write(TOP + rule("new", 82) + WEB + DB.replace("10.0.0.1", "10.0.0.2"));
        Report report = reload.reload(BY);

        assertThat(report).isEqualTo(new Report(Result.APPLIED, engine.published().getLast().revision(), List.of("new"), List.of("db"),
            List.of("old"), List.of(), List.of()));
        assertThat(report.revision()).isNotEqualTo(before);
        assertThat(reported()).containsExactly("INFO config.reloaded");
        assertThat(logged.getFirst().getMessage()).contains("by=shell:anna").contains("added=1").contains("changed=1").contains("removed=1");
        assertThat(changes).containsExactly(new Change(NOW, BY, "config.reload", "portunus.toml", before, report.revision(), "done"));
    }

    @Test
    void whatIsWrittenOtherwiseAndMeansTheSameIsNoChange() throws Exception {
        Reload reload = started(TOP + "[[rule]]\nname = \"web\"\nlisten_port = 80\ntargets = [{ host = \"DB\", port = 1, weight = 1 }]\n"
            + "sni = \"~DB[0-9]+\"\ntimeouts = { idle = \"1h\" }\naccept_proxy = [\"10.0.0.1\"]\nproxy_protocol = \"v2\"\n"
            + "proxy_tlvs = [\"ssl\", \"alpn\"]\n");

        write(TOP + "[dns]\n[stats]\n[[rule]]\nname = \"web\"\nlisten_port = 80\nsni = \"~db[0-9]+\"\naccept_proxy = [\"10.0.0.1/32\"]\n"
            + "proxy_protocol = \"v2\"\nproxy_tlvs = [\"alpn\", \"ssl\"]\npick = \"first\"\n"
            + "[rule.timeouts]\nidle = \"60m\"\npeek = \"3000ms\"\n[[rule.targets]]\nhost = \"db\"\nport = 1\n");

        assertThat(reload.reload(BY).result()).isEqualTo(Result.UNCHANGED);
        assertThat(engine.published()).hasSize(1);
        assertThat(configurations.calls).isZero();
    }

    @Test
    void theWeightOfATargetIsAChangeOfItsRule() throws Exception {
        String targets = "[[rule]]\nname = \"many\"\nlisten_port = 81\ntargets = [{ host = \"a\", port = 1 }, "
            + "{ host = \"b\", port = 1, weight = 2 }]\n";
        Reload reload = started(TOP + WEB + targets);
        String before = engine.published().getFirst().revision();

        write(TOP + WEB + targets.replace("weight = 2", "weight = 3"));
        Report report = reload.reload(BY);

        assertThat(report.changed()).containsExactly("many");
        assertThat(report.revision()).isNotEqualTo(before);
        assertThat(report.settings()).isEmpty();
    }

    @Test
    void settingsOfTheNodeLeaveTheRulesAsTheyAre() throws Exception {
        Reload reload = started(TOP + WEB);

        write("global.transport = \"epoll\"\ndns.timeout = \"1s\"\nstats.enabled = false\n" + TOP + WEB);
        Report report = reload.reload(BY);

        assertThat(report.settings()).containsExactly("dns", "global", "stats");
        assertThat(report.changed()).isEmpty();
        assertThat(engine.published().stream().distinct()).hasSize(1);
        assertThat(configurations.pushed.get("io.portunus.transport")).containsEntry("name", "epoll");
        assertThat(configurations.pushed.get("io.portunus.dns")).containsEntry("timeout.ms", 1000L);
        assertThat(configurations.pushed.get("io.portunus.stats")).containsEntry("enabled", false);
    }

    @Test
    void everySettingThatDiffersIsNamedAndHandedOn() throws Exception {
        Reload reload = started(TOP + WEB);

        write("admin.listen = \"[::1]:0\"\nlimits.max_peeks = 7\ndeploy.bake = \"1s\"\nshell.listen = \"127.0.0.1:0\"\naccess_log = false\n"
            + "global.label = \"edge-2\"\ndns.stale = \"1s\"\nstats.refresh_ms = 500\n" + WEB);
        Report report = reload.reload(BY);

        assertThat(report.result()).isEqualTo(Result.APPLIED);
        assertThat(report.settings()).containsExactly("access_log", "admin", "deploy", "dns", "global", "limits", "shell", "stats");
        assertThat(report.changed()).isEmpty();
        assertThat(configurations.pushed.get("io.portunus.limits")).containsEntry("max.peeks", 7);
        assertThat(configurations.pushed.get("io.portunus.shell")).containsEntry("listen", "127.0.0.1:0");
    }

    @Test
    void aShellThatIsGoneFromTheFileIsTakenAway() throws Exception {
        Reload reload = started(TOP + WEB + "[shell]\nlisten = \"127.0.0.1:0\"\n");

        write(TOP + WEB);

        assertThat(reload.reload(BY).settings()).containsExactly("shell");
        assertThat(configurations.pushed).doesNotContainKey("io.portunus.shell");
    }

    @Test
    void labelAndDrainFollow() throws Exception {
        ConfigInForce inForce = load(TOP + "global = { label = \"one\", shutdown_drain_secs = 7 }\n" + WEB);
        Reload reload = new Reload(inForce, takers(), events, reopened::incrementAndGet);
        reload.publish("rule");
        assertThat(inForce.label()).isEqualTo("one");

        write(TOP + "global = { label = \"two\", shutdown_drain_secs = 9 }\n" + WEB);
        reload.reload(BY);
        new Drain(inForce, engine.engine()).run();

        assertThat(inForce.label()).isEqualTo("two");
        assertThat(engine.drains()).containsExactly(Duration.ofSeconds(9));
    }

    @Test
    void aListenerThatFailsLetsTheOthersLive() throws Exception {
        Reload reload = started(TOP + WEB);
        engine.refuse(Set.of(5432));

        write(TOP + WEB + DB);
        Report report = reload.reload(BY);

        assertThat(report.result()).isEqualTo(Result.APPLIED);
        assertThat(report.problems()).singleElement().satisfies(p -> assertThat(p.path()).isEqualTo("listen *:5432"));
        assertThat(changes).singleElement().satisfies(c -> assertThat(c.outcome()).isEqualTo("port_in_use"));
    }

    @Test
    void anAddressThatAnotherProcessHasIsRefusedBeforeAnythingChanges() throws Exception {
        Reload reload = started(TOP + WEB);
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            write(rule("web", 81) + "[admin]\nlisten = \"127.0.0.1:" + other.getLocalPort() + "\"\n");

            Report report = reload.reload(BY);

            assertThat(report.result()).isEqualTo(Result.REFUSED);
            assertThat(report.problems()).singleElement().satisfies(p -> {
                assertThat(p.code().code()).isEqualTo("port_in_use");
                assertThat(p.path()).isEqualTo("admin.listen");
                assertThat(p.position()).contains(new Problem.Position(6, 1));
            });
            assertThat(engine.published()).hasSize(1);
            assertThat(configurations.calls).isZero();
        }
    }

    @Test
    void aRuleGetsThePortThatTheAdminSurfaceLeaves() throws Exception {
        try (ServerSocket admin = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            int port = admin.getLocalPort();
            Reload reload = started("admin.listen = \"127.0.0.1:" + port + "\"\n" + WEB);
            engine.refuse(Set.of(port));
            AtomicInteger times = new AtomicInteger();
            engine.onPublish(() -> {
                // The surface leaves only once the rules were tried.
                engine.refuse(times.getAndIncrement() == 0 ? Set.of(port) : Set.of());
                Thread.ofVirtual().start(() -> close(admin));
            });

            write(TOP + rule("web", port));
            Report report = reload.reload(BY);

            assertThat(report.problems()).isEmpty();
            assertThat(report.result()).isEqualTo(Result.APPLIED);
            assertThat(engine.published()).hasSize(3);
        }
    }

    @Test
    void aFileWhoseSettingsAreTheSameHasNoConfigurationStored() throws Exception {
        Reload reload = started(TOP + WEB);
        configurations.unwritable = "*";

        write(TOP + DB);

        assertThat(reload.reload(BY).result()).isEqualTo(Result.APPLIED);
    }

    @Test
    void aStoreThatCannotBeWrittenRefusesAndTheNextReloadHandsEverythingOn() throws Exception {
        Reload reload = started(TOP + WEB);
        String before = engine.published().getFirst().revision();
        configurations.unwritable = "io.portunus.admin";

        write(TOP + DB + "[limits]\nmax_peeks = 7\n");
        Report refused = reload.reload(BY);
        configurations.unwritable = "";
        write(TOP + WEB);
        Report same = reload.reload(BY);

        assertThat(refused.result()).isEqualTo(Result.REFUSED);
        assertThat(refused.problems()).singleElement().satisfies(p -> assertThat(p.text()).contains("disk full"));
        assertThat(refused.revision()).isEqualTo(before).isEqualTo(same.revision());
        assertThat(engine.published()).extracting(s -> s.rules().getFirst().name()).containsExactly("web", "db", "web", "web");
        assertThat(same.result()).isEqualTo(Result.APPLIED);
        assertThat(configurations.pushed.get("io.portunus.limits")).containsEntry("max.peeks", 1024);
    }

    @Test
    void aPublisherThatThrowsRefuses() throws Exception {
        Reload reload = started(TOP + WEB);
        engine.onPublish(() -> {
            throw new IllegalStateException("broken");
        });

        write(TOP + DB);
        Report report = reload.reload(BY);

        assertThat(report.result()).isEqualTo(Result.REFUSED);
        assertThat(report.problems()).singleElement().satisfies(p -> assertThat(p.text()).contains("broken"));
        assertThat(configurations.calls).isZero();
    }

    @Test
    void twoReloadsAreSerial() throws Exception {
        Reload reload = started(TOP + WEB);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger concurrent = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        engine.onPublish(() -> {
            most.accumulateAndGet(concurrent.incrementAndGet(), Math::max);
            inside.countDown();
            await(goOn);
            concurrent.decrementAndGet();
        });

        write(TOP + WEB + DB);
        CompletableFuture<Report> first = CompletableFuture.supplyAsync(() -> reload.reload(BY));
        await(inside);
        write(TOP + DB);
        Thread second = Thread.ofVirtual().start(() -> reload.reload(BY));
        while (second.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        second.join();

        assertThat(first.get(10, TimeUnit.SECONDS).added()).containsExactly("db");
        assertThat(most.get()).isEqualTo(1);
        assertThat(engine.published().getLast().rules()).extracting(Rule::name).containsExactly("db");
        assertThat(changes).extracting(Change::outcome).containsExactly("done", "done");
        assertThat(changes.getLast().before()).isEqualTo(changes.getFirst().after());
    }

    @Test
    void aStoppedSourceRefuses() throws Exception {
        Reload reload = started(TOP + WEB);
        write(TOP + DB);

        reload.close();

        assertThat(reload.reload(BY).problems()).singleElement().satisfies(p -> assertThat(p.code().code()).isEqualTo("component_missing"));
        assertThat(engine.published()).hasSize(1);
    }

    @Test
    void aFileThatIsGoneIsNamed() throws Exception {
        Reload reload = started(TOP + WEB);

        Files.delete(folder.resolve("portunus.toml"));

        assertThat(reload.reload(BY).problems()).singleElement().satisfies(p -> assertThat(p.code().code()).isEqualTo("io_error"));
        assertThat(logged.getFirst().getMessage()).contains("portunus.toml: io_error: there is no such file");
    }

    @Test
    void thousandsOfProblemsAreCountedAndNotAllLogged() throws Exception {
        Reload reload = started(TOP + WEB);

        write(TOP + WEB + manyKeys(2001));
        Report report = reload.reload(BY);

        assertThat(report.problems()).hasSize(2001);
        assertThat(logged).hasSize(1 + ReloadEvents.MAX_PROBLEMS);
    }

    private static String manyKeys(int count) {
        StringBuilder keys = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            keys.append("k").append(i).append(" = 1\n");
        }
        return keys.toString();
    }

    private Reload started(String text) throws IOException {
        Reload reload = new Reload(load(text), takers(), events, reopened::incrementAndGet);
        reload.publish("rule");
        return reload;
    }

    private Takers takers() {
        Takers takers = new Takers();
        takers.add(new FileRules(engine, engine.engine()));
        return takers;
    }

    private ConfigInForce load(String text) throws IOException {
        write(text);
        String file = folder.resolve("portunus.toml").toString();
        ConfigInForce inForce = ConfigInForce.load(key -> key.equals("portunus.config") ? Optional.of(file) : Optional.empty(),
            () -> Declared.GRAMMAR, new ConfigPush(configurations.admin()));
        assertThat(inForce.problems()).isEmpty();
        configurations.calls = 0;
        return inForce;
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("portunus.toml"), text);
    }

    /** The substitute logger flattens key-values into the message. */
    private List<String> reported() {
        return logged.stream().map(e -> Optional.ofNullable(e.getLevel()).orElse(Level.TRACE) + " " + word(e)).toList();
    }

    private static String word(SubstituteLoggingEvent event) {
        Matcher matcher = Pattern.compile("\\bevent=(\\S+)").matcher(event.getMessage());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static String rule(String name, int port) {
        return "[[rule]]\nname = \"" + name + "\"\nlisten_port = " + port + "\ntarget = \"10.0.0.1:80\"\n";
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Who waits for a node to be ready may reload it as soon as it is. */
    @Test
    void isNotReadyBeforeWhatTheFileSetsIsInForce() {
        FileCheck check = new FileCheck();
        check.waits();
        assertThat(check.problems()).singleElement().satisfies(problem -> assertThat(problem.path()).isEqualTo("config"));
        check.begins();

        assertThat(check.problems()).isEmpty();
    }
}
