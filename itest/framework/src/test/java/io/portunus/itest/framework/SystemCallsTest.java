// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.framework;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ListenerView;
import io.portunus.flow.api.ProviderView;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.junit5.context.BundleContextExtension;

/** The transport by epoll is there for as long as its system calls are, whichever bundle starts first; connections stay in any case. */
@ExtendWith(BundleContextExtension.class)
@Timeout(60)
class SystemCallsTest {
    private static final byte[] WORDS = "there and back again".getBytes(US_ASCII);
    private static final String CALLS = "linux.ffm";
    private static final String EPOLL = "transport.epoll";

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
        node.start(CALLS);
        node.start(EPOLL);
        backend.close();
        node.close();
    }

    private List<String> transports() {
        return node.service(FlowVersions.class).providers().stream().filter(p -> p.role() == ProviderView.Role.TRANSPORT).map(ProviderView::kind)
            .sorted().toList();
    }

    private void awaitTransports(String... names) {
        Await.until("transports are " + List.of(names), Node.SOON, () -> transports().equals(List.of(names)));
    }

    private void awaitListenerOn(String transport) {
        Await.until("the listener is on " + transport, Node.SOON,
            () -> node.engine().listeners().stream().map(ListenerView::transport).toList().equals(List.of(transport)));
    }

    private boolean carried(String transport) {
        return node.engine().flows().stream().map(FlowView::handlers).anyMatch(versions -> versions.containsKey("io.portunus." + transport));
    }

    @Test
    void transportComesAfterItsCallsWhateverStartsFirst() throws Exception {
        node.stop(EPOLL);
        node.stop(CALLS);
        node.start(EPOLL);
        assertThat(transports()).containsExactly("xnio");

        node.start(CALLS);
        awaitTransports("epoll", "xnio");

        node.stop(EPOLL);
        awaitTransports("xnio");
        node.start(EPOLL);
        awaitTransports("epoll", "xnio");
    }

    @Test
    void withoutItsCallsTheTransportGoesAndConnectionsGoOn() throws Exception {
        node.configure(Node.TRANSPORT, Map.of("name", "epoll"));
        node.publish(Rules.plain(port, backend.port()));
        awaitListenerOn("epoll");
        try (Client old = Client.connect(port)) {
            assertThat(old.exchange(WORDS)).isEqualTo(WORDS);
            assertThat(carried(EPOLL)).isTrue();

            node.stop(CALLS);

            awaitListenerOn("xnio");
            assertThat(old.exchange(WORDS)).isEqualTo(WORDS);
            try (Client young = Client.connect(port)) {
                assertThat(young.exchange(WORDS)).isEqualTo(WORDS);
                assertThat(carried("transport.xnio")).isTrue();

                node.start(CALLS);

                awaitListenerOn("epoll");
                assertThat(young.exchange(WORDS)).isEqualTo(WORDS);
            }
            assertThat(old.exchange(WORDS)).isEqualTo(WORDS);
        }
        node.readiness(200);
    }
}
