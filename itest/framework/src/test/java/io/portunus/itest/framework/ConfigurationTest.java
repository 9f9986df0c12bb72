// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.framework;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import io.portunus.node.api.LogLevels;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.RuleStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.junit5.context.BundleContextExtension;

@ExtendWith(BundleContextExtension.class)
@Timeout(30)
class ConfigurationTest {
    private static final byte[] WORDS = "there and back again".getBytes(US_ASCII);

    private Node node;
    private Backend backend;
    private int port;

    @BeforeEach
    void start(@InjectBundleContext BundleContext context) {
        node = Node.start(context);
        backend = Backend.echo();
        port = Ports.free();
    }

    @AfterEach
    void stop() throws Exception {
        backend.close();
        node.close();
    }

    @Test
    void aPublishedRuleForwards() throws Exception {
        node.publish(Rules.plain(port, backend.port()));

        try (Client client = Client.connect(port)) {
            assertThat(client.exchange(WORDS)).isEqualTo(WORDS);
        }
        assertThat(node.service(RuleCatalog.class).statuses()).extracting(RuleStatus::state).containsExactly(RuleStatus.State.ACTIVE);
    }

    @Test
    void aRuleThatIsNoLongerPublishedLetsItsPortGo() {
        node.publish(Rules.plain(port, backend.port()));

        node.publish();

        Await.until("nobody listens", Node.SOON, () -> Client.refused(port));
    }

    @Test
    void aConnectionAboveTheCeilingIsReset() throws Exception {
        limit(1, 16);
        node.publish(Rules.plain(port, backend.port()));

        try (Client first = Client.connect(port)) {
            assertThat(first.exchange(WORDS)).isEqualTo(WORDS);
            try (Client second = Client.connect(port)) {
                assertThat(second.isReset()).isTrue();
            }
            assertThat(first.exchange(WORDS)).isEqualTo(WORDS);
        }
        isCounted(CloseReason.MAX_CONNECTIONS);
    }

    @Test
    void aConnectionThatEndedMakesRoomUnderTheCeiling() throws Exception {
        limit(1, 16);
        node.publish(Rules.plain(port, backend.port()));
        try (Client first = Client.connect(port)) {
            assertThat(first.exchange(WORDS)).isEqualTo(WORDS);
        }
        Await.until("its place is given back", Node.SOON, () -> node.engine().counts().active() == 0);

        try (Client next = Client.connect(port)) {
            assertThat(next.exchange(WORDS)).isEqualTo(WORDS);
        }
    }

    @Test
    void aClientThatIsOneTooManyTakesThePlaceOfTheOneThatHasWaitedLongest() throws Exception {
        limit(16, 1);
        node.publish(Rules.named(port, "a.example", backend.port()));

        try (Client silent = Client.connect(port)) {
            Await.until("its hello is waited for", Node.SOON, () -> node.engine().counts().listeners().getFirst().peeking() == 1);
            try (Client second = Client.connect(port)) {
                assertThat(silent.isReset()).isTrue();
                assertThat(second.silent()).isTrue();
            }
        }
        isCounted(CloseReason.PEEK_CAPACITY);
    }

    @Test
    void ceilingsChangeUnderConnectionsThatStay() throws Exception {
        node.publish(Rules.plain(port, backend.port()));
        ForwardingEngine engine = node.engine();
        try (Client first = Client.connect(port); Client second = Client.connect(port)) {
            assertThat(first.exchange(WORDS)).isEqualTo(WORDS);
            assertThat(second.exchange(WORDS)).isEqualTo(WORDS);

            node.configure(Node.LIMITS, Map.of("max.connections", 2L, "max.peeks", 16));

            Await.until("a third is reset", Node.SOON, this::oneMoreIsReset);
            assertThat(first.exchange(WORDS)).isEqualTo(WORDS);
            assertThat(second.exchange(WORDS)).isEqualTo(WORDS);
            assertThat(node.engine()).isSameAs(engine);
        }
    }

    /** A client may see that it was reset shortly before the node has counted it. */
    private void isCounted(CloseReason reason) {
        Await.until("one more " + reason, Node.SOON, () -> node.engine().counts().closed().getOrDefault(reason, 0L) == 1);
    }

    private boolean oneMoreIsReset() {
        try (Client third = Client.connect(port)) {
            third.exchange(WORDS);
            return false;
        } catch (Exception reset) {
            return true;
        }
    }

    /** A new engine that never had other limits. */
    private void limit(long connections, int peeks) {
        node.deconfigure(Node.LIMITS);
        Await.until("the engine goes", Node.SOON, () -> node.find(ForwardingEngine.class).isEmpty());
        node.configure(Node.LIMITS, Map.of("max.connections", connections, "max.peeks", peeks));
        node.service(ForwardingEngine.class);
    }

    @Test
    void theAdminSurfaceMovesWhereItIsConfigured() {
        node.publish();
        node.readiness(200);

        node.configure(Node.ADMIN, Map.of("listen", "127.0.0.1:" + port));

        Await.until("it answers there", Node.SOON,
            () -> node.get("/healthz").filter(r -> r.uri().getPort() == port && r.statusCode() == 200).isPresent());
    }

    @Test
    void theLogLevelFollows() {
        assertThat(node.service(LogLevels.class).levels()).containsEntry("ROOT", "warn");

        node.configure(Node.LOG, Map.of("level", "error", "format", "json"));

        Await.until("the new level", Node.SOON,
            () -> node.find(LogLevels.class).filter(l -> "error".equals(l.levels().get("ROOT"))).isPresent());
    }

    /** A5: what a component refuses is reported by the readiness of the node, and so is that it runs again. */
    @Test
    void aComponentThatRefusesItsConfigurationMakesTheNodeNotReady() {
        node.publish();
        node.readiness(200);

        node.configure(Node.LOG, Map.of("level", "loud", "format", "json"));

        Await.until("the check of the components has a problem", Node.SOON, () -> node.get("/readyz").filter(r -> r.statusCode() == 503
            && r.body().contains("component_failed") && r.body().contains("\"path\":\"log\"") && r.body().contains("loud")).isPresent());
        node.configure(Node.LOG, Map.of("level", "warn", "format", "json"));
        assertThat(node.readiness(200)).contains("\"name\":\"components\"");
    }

    @Test
    void accessRecordsAreWrittenOnceTheyAreAskedFor() {
        node.publish(Rules.plain(port, backend.port()));

        node.configure(Node.ACCESS_LOG, Map.of("enabled", true));

        // The first connections may end before the component is notified of the configuration.
        Await.until("a record of the rule", Node.SOON, () -> {
            try (Client client = Client.connect(port)) {
                return client.exchange(WORDS).length == WORDS.length && node.accessLog().contains("port-" + port);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
