// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A policy of one's own, from its source to its end: named by a rule, missing, deployed, configured, upgraded with its count kept, removed. */
@Timeout(180)
class SamplePolicyTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final int limited = Ports.free();
    private final int free = Ports.free();
    private Path directory;
    private Backend backend;
    private String toml;
    private Appliance appliance;

    @BeforeEach
    void start(@TempDir Path home) throws IOException {
        directory = home;
        backend = Backend.naming("backend");
        toml = rule("flows = 2") + Rules.plain("free", free, backend.port()) + "[deploy]\nbake = \"500ms\"\n";
        appliance = Appliance.start(home, Rules.plain("free", free, backend.port()) + "[deploy]\nbake = \"500ms\"\n");
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
        backend.close();
    }

    private String rule(String settings) {
        return Rules.plain("limited", limited, backend.port()) + "owner = \"team-a\"\nlabels = { tier = \"gold\" }\n"
            + "policies.crowd = { " + settings + " }\n";
    }

    @Test
    void livesThroughAbsenceDeploymentConfigurationUpgradeAndRemoval() throws IOException {
        Path first = SampleBundle.crowd(directory, "1.0.0");
        Path second = SampleBundle.crowd(directory, "1.1.0");

        refusesWhileItIsMissing();
        assertThat(appliance.upload("/v1/bundles", first).body()).contains("\"done\":true");
        refuseWhatItDoesNotDeclare();
        countThroughAnUpgrade(second);
        limitSourcesByItsTable();
        remove();
    }

    /** With every place taken, and clients that come all the time: as many are let in as have ended, whichever version let them in. */
    @Test
    void countIsRightOverUpgradeRollBackRemovalAndReturnUnderTraffic() throws Exception {
        assertThat(appliance.upload("/v1/bundles", SampleBundle.crowd(directory, "1.0.0")).body()).contains("\"done\":true");
        assertThat(reload(toml)).contains("\"problems\":[]");
        Thread clients = Thread.ofPlatform().start(this::callUntilInterrupted);
        Deque<Socket> open = new ArrayDeque<>();
        open.add(soon());
        open.add(soon());

        assertThat(appliance.upload("/v1/bundles", SampleBundle.crowd(directory, "1.1.0")).body()).contains("\"to\":\"1.1.0\"");
        exactlyOne(open);
        assertThat(appliance.post("/v1/bundles/com.example.crowd/rollback").body()).contains("\"to\":\"1.0.0\"");
        exactlyOne(open);
        assertThat(appliance.delete("/v1/bundles/com.example.crowd").body()).contains("\"needed_by_rules\"", "'limited'");
        assertThat(appliance.delete("/v1/bundles/com.example.crowd?force=true").body()).contains("\"done\":true");
        assertThat(refused(limited)).as("the policy is missing").isTrue();
        open.remove().close();
        assertThat(appliance.upload("/v1/bundles", SampleBundle.crowd(directory, "1.2.0")).body()).contains("\"done\":true");
        open.add(soon());
        exactlyOne(open);

        clients.interrupt();
        clients.join();
        for (Socket socket : open) {
            socket.close();
        }
        awaitNone();
    }

    /** One of the two that are open ends, and one more is let in; no other is. */
    private void exactlyOne(Deque<Socket> open) throws IOException {
        assertThat(refused(limited)).as("both places are taken").isTrue();
        open.remove().close();
        open.add(soon());
        assertThat(refused(limited)).as("both places are taken again").isTrue();
    }

    /** Takes the place that is free, as soon as none of the others has it. */
    private Socket soon() throws IOException {
        long end = System.nanoTime() + SOON.toNanos();
        while (true) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), limited);
            try {
                socket.setSoTimeout(10_000);
                if (Streams.line(socket.getInputStream()).equals("backend")) {
                    return socket;
                }
            } catch (IOException refused) {
                assertThat(System.nanoTime()).as("a place is free").isLessThan(end);
            }
            socket.close();
        }
    }

    private void callUntilInterrupted() {
        while (!Thread.currentThread().isInterrupted()) {
            refused(free);
            refused(limited);
        }
    }

    /** Connections that are open when the policy comes, and when their rule names it: those beyond the limit end with its reason. */
    @Test
    void limitsWhatWasOpenBeforeItCameAndBeforeItsRuleNamedIt() throws IOException {
        String unlimited = Rules.plain("limited", limited, backend.port()) + Rules.plain("free", free, backend.port());
        assertThat(reload(unlimited + "[deploy]\nbake = \"500ms\"\n")).contains("\"problems\":[]");
        try (Socket one = open(limited); Socket two = open(limited); Socket three = open(limited); Socket other = open(free)) {
            reload(toml);
            assertThat(appliance.upload("/v1/bundles", SampleBundle.crowd(directory, "1.0.0")).body()).contains("\"done\":true");
            Await.until("one of three is ended", SOON, () -> flows("limited") == 2);
            Await.until("its record has the reason", SOON, () -> appliance.accessLog().contains("\"crowd.rule_full\""));
            assertThat(flows("free")).isEqualTo(1);
            assertThat(List.of(one, two, three, other)).allMatch(Socket::isConnected);
        }
        awaitNone();
        assertThat(reload(unlimited + "[deploy]\nbake = \"500ms\"\n")).contains("\"problems\":[]");
        try (Socket one = open(limited); Socket two = open(limited); Socket three = open(limited)) {
            assertThat(reload(toml)).contains("\"problems\":[]");
            Await.until("one of three is ended", SOON, () -> flows("limited") == 2);
            assertThat(refused(limited)).isTrue();
            assertThat(List.of(one, two, three)).allMatch(Socket::isConnected);
        }
    }

    private long flows(String rule) {
        return Pattern.compile("\"rule\":\"" + rule + "\"").matcher(appliance.get("/v1/flows").body()).results().count();
    }

    private void refusesWhileItIsMissing() {
        assertThat(reload(toml)).contains("\"code\":\"no_handler\",\"path\":\"rule[0].policies.crowd\"");
        Await.until("the rule takes nothing", SOON, () -> refused(limited));
        assertThat(refused(free)).isFalse();
        assertThat(appliance.get("/v1/rules").body()).contains("\"owner\":\"team-a\"", "\"labels\":{\"tier\":\"gold\"}", "\"failed\"");
        assertThat(appliance.get("/v1/explain?port=" + limited + "&plain=true").body()).contains("\"reason\":\"policy_missing\"");
        assertThat(appliance.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(appliance.get("/readyz").body()).contains("degraded", "no policy crowd is running");
        Await.until("its record says so", SOON, () -> appliance.accessLog().contains("\"policy_missing\""));
    }

    private void refuseWhatItDoesNotDeclare() throws IOException {
        String others = toml.substring(toml.indexOf("[[rule]]", 1));
        assertThat(reload(rule("flows = 0") + others)).contains("\"code\":\"invalid_value\",\"path\":\"rule[0].policies.crowd.flows\"");
        assertThat(reload(rule("flow = 2") + others)).contains("\"path\":\"rule[0].policies.crowd.flow\"", "did you mean 'flows'?");
        assertThat(reload(rule("flows = \"2\"") + others)).contains("\"code\":\"wrong_type\"");
        Path file = Files.writeString(directory.resolve("checked.toml"), toml);
        assertThat(check(file)).isZero();
        assertThat(check(Files.writeString(file, toml.replace("policies.crowd", "policies.crowds")))).isEqualTo(2);
        assertThat(reload(toml)).contains("\"problems\":[]");
        Await.until("the rule takes connections", SOON, () -> !refused(limited));
    }

    private int check(Path file) {
        return Appliance.run(directory, List.of("--check", "--config", file.toString(), "--state-dir",
            directory.resolve("state").toString())).exitCode();
    }

    private void countThroughAnUpgrade(Path jar) throws IOException {
        awaitNone();
        try (Socket one = open(limited)) {
            try (Socket two = open(limited)) {
                assertThat(refused(limited)).isTrue();
                assertThat(appliance.upload("/v1/bundles", jar).body()).contains("\"done\":true").contains("\"to\":\"1.1.0\"");
                assertThat(refused(limited)).as("two are open, whichever version they began with").isTrue();
                assertThat(appliance.get("/v1/limits?rule=limited").body()).as("what both versions came to").contains("\"policy\":\"crowd\"",
                    "\"set\":{\"flows\":2},\"use\":{\"open\":2}", "\"crowd.rule_full\":2", "\"client\":\"127.0.0.1\"");
                assertThat(two.isConnected()).isTrue();
            }
            Await.until("a place is free again", SOON, () -> !refused(limited));
            assertThat(one.isConnected()).isTrue();
        }
        awaitNone();
        Await.until("the first version is gone", SOON, () -> !appliance.get("/v1/bundles").body().contains("\"version\":\"1.0.0\""));
        assertThat(appliance.get("/metrics").body()).containsPattern("reason=\"crowd\\.rule_full\"} [1-9]");
    }

    private void limitSourcesByItsTable() throws IOException {
        assertThat(reload(toml + "[crowd]\nper_source = -1\n")).contains("\"path\":\"crowd.per_source\"");
        assertThat(reload(toml + "[crowd]\nper_source = 1\n")).contains("\"settings\":[\"crowd\"]");
        awaitNone();
        try (Socket one = open(free)) {
            Await.until("the source is full", SOON, () -> refused(free));
            assertThat(one.isConnected()).isTrue();
        }
        Await.until("its record says so", SOON, () -> appliance.accessLog().contains("\"crowd.source_full\""));
        assertThat(reload(toml)).contains("\"problems\":[]");
    }

    private void remove() {
        assertThat(reload(Rules.plain("limited", limited, backend.port()) + Rules.plain("free", free, backend.port())
            + "[deploy]\nbake = \"500ms\"\n")).contains("\"problems\":[]");
        assertThat(appliance.delete("/v1/bundles/com.example.crowd").body()).contains("\"done\":true");
        Await.until("the bundle is gone", SOON, () -> !appliance.get("/v1/bundles").body().contains("com.example.crowd"));
        assertThat(refused(limited)).isFalse();
        assertThat(refused(free)).isFalse();
    }

    /** Its counts follow the ends of connections, which the node sees shortly after. */
    private void awaitNone() {
        Await.until("no connection is open", SOON, () -> appliance.get("/v1/flows").body().contains("\"flows\":[]"));
    }

    private String reload(String text) {
        appliance.configure(text);
        return appliance.post("/v1/reload").body();
    }

    private static Socket open(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        assertThat(Streams.line(socket.getInputStream())).isEqualTo("backend");
        return socket;
    }

    private static boolean refused(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }
}
