// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.framework;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import io.portunus.node.api.ReadinessCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.junit5.context.BundleContextExtension;

/** What happens while a part is not there: readiness names it, connections wait for it, and nobody else routes them. */
@ExtendWith(BundleContextExtension.class)
@Timeout(30)
class MissingComponentTest {
    private static final byte[] WORDS = "there and back again".getBytes(US_ASCII);

    private Node node;
    private Backend backend;
    private int port;

    @BeforeEach
    void start(@InjectBundleContext BundleContext context) throws Exception {
        node = Node.start(context);
        // Another transport would take the place of the one that is missing.
        node.stop("transport.epoll");
        backend = Backend.echo();
        port = Ports.free();
    }

    @AfterEach
    void stop() throws Exception {
        node.start("flow.tls");
        node.start("flow.tcp");
        node.start("transport.xnio");
        node.start("transport.epoll");
        backend.close();
        node.close();
    }

    @Test
    void withoutTheInspectorANamedRuleWaitsForIt() throws Exception {
        byte[] clientHello = Client.clientHello("a.example");
        node.publish(Rules.named(port, "a.example", backend.port()));
        node.readiness(200);

        node.stop("flow.tls");

        assertThat(node.readiness(503)).contains("flow.tls");
        try (Client client = Client.connect(port)) {
            client.send(clientHello);
            assertThat(client.silent()).isTrue();
            assertThat(backend.accepted()).isZero();

            node.start("flow.tls");

            assertThat(client.receive(clientHello.length)).isEqualTo(clientHello);
        }
        node.readiness(200);
    }

    @Test
    void withoutTheInspectorAPlainRuleLacksNothing() throws Exception {
        node.publish(Rules.plain(port, backend.port()));

        node.stop("flow.tls");

        node.readiness(200);
        try (Client client = Client.connect(port)) {
            assertThat(client.exchange(WORDS)).isEqualTo(WORDS);
        }
    }

    @Test
    void withoutTheHandlerNewConnectionsWaitAndOldOnesGoOn() throws Exception {
        node.publish(Rules.plain(port, backend.port()));
        try (Client old = Client.connect(port)) {
            assertThat(old.exchange(WORDS)).isEqualTo(WORDS);

            node.stop("flow.tcp");

            assertThat(node.readiness(503)).contains("flow.tcp");
            assertThat(old.exchange(WORDS)).isEqualTo(WORDS);
            try (Client young = Client.connect(port)) {
                young.send(WORDS);
                assertThat(young.silent()).isTrue();
                assertThat(backend.accepted()).isOne();

                node.start("flow.tcp");

                assertThat(young.receive(WORDS.length)).isEqualTo(WORDS);
            }
        }
        node.readiness(200);
    }

    @Test
    void whoWaitsInVainIsReset() throws Exception {
        node.publish(Rules.plain(port, backend.port()));
        node.stop("flow.tcp");

        try (Client client = Client.connect(port)) {
            assertThat(client.isReset()).isTrue();
        }

        Await.until("it is counted", Node.SOON, () -> Long.valueOf(1).equals(node.engine().counts().closed().get(CloseReason.NO_HANDLER)));
        assertThat(backend.accepted()).isZero();
        assertThat(node.engine().counts().active()).isZero();
    }

    @Test
    void withoutTheEngineReadinessNamesForwarding() {
        node.publish();
        node.readiness(200);

        node.deconfigure(Node.LIMITS);

        assertThat(node.readiness(503)).contains(ReadinessCheck.FORWARDING);
    }

    @Test
    void withoutTheTransportReadinessNamesForwarding() throws Exception {
        node.publish(Rules.plain(port, backend.port()));
        node.readiness(200);

        node.stop("transport.xnio");

        assertThat(node.readiness(503)).contains(ReadinessCheck.FORWARDING);
        Await.until("the port is let go", Node.SOON, () -> Client.refused(port));
    }

    @Test
    void withoutTheTransportNobodyIsLeftHanging() throws Exception {
        node.publish(Rules.plain(port, backend.port()));
        try (Client open = Client.connect(port)) {
            assertThat(open.exchange(WORDS)).isEqualTo(WORDS);
            node.stop("flow.tcp");
            node.readiness(503);
            try (Client waiting = Client.connect(port)) {
                assertThat(waiting.silent()).isTrue();

                node.stop("transport.xnio");

                assertThat(open.isOver()).isTrue();
                assertThat(waiting.isOver()).isTrue();
            }
        }
    }
}
