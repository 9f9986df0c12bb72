// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.framework;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.BundleJar;
import io.portunus.itest.testkit.Ports;
import io.portunus.node.api.Actor;
import io.portunus.node.api.BundleControl;
import io.portunus.node.api.BundleView;
import io.portunus.node.api.DeployCode;
import io.portunus.node.api.Deployment;
import io.portunus.node.api.Impact;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.junit5.context.BundleContextExtension;

/** What others are wired to, or what holds sockets and flows, is never refreshed under flows: a newer version is refused until a restart. */
@ExtendWith(BundleContextExtension.class)
@Timeout(30)
class ColdBundleTest {
    private static final byte[] WORDS = "there and back again".getBytes(US_ASCII);

    private BundleContext context;
    private Node node;
    private Backend backend;
    private int port;

    @BeforeEach
    void start(@InjectBundleContext BundleContext bundleContext) {
        context = bundleContext;
        node = Node.start(bundleContext);
        backend = Backend.echo();
        port = Ports.free();
        node.publish(Rules.plain(port, backend.port()));
    }

    @AfterEach
    void stop() throws Exception {
        backend.close();
        node.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "flow.api", "flow.memory", "node.api", "linux.api", "admin.api", "flow.engine", "transport.xnio"})
    void newerVersionIsRefusedAndNobodyNotices(String name, @TempDir Path work) throws Exception {
        BundleControl bundles = node.service(BundleControl.class);
        long before = context.getBundles().length;
        try (Client open = Client.connect(port)) {
            assertThat(open.exchange(WORDS)).isEqualTo(WORDS);

            Deployment answer = bundles.upgrade(BundleJar.versioned(node.jar(name), "9.9.9", work), new Actor("test", ""), Optional.empty(),
                Set.of());

            assertThat(answer.done()).isFalse();
            assertThat(answer.problems()).anyMatch(p -> p.code().equals(DeployCode.NEEDS_RESTART));
            assertThat(open.exchange(WORDS)).isEqualTo(WORDS);
        }
        assertThat(context.getBundles()).hasSize((int) before);
        assertThat(bundles.bundles()).filteredOn(b -> b.name().equals("io.portunus." + name)).singleElement()
            .satisfies(b -> assertThat(b.phase()).isEqualTo(BundleView.Phase.CURRENT));
        Impact impact = bundles.impact("io.portunus." + name).orElseThrow();
        assertThat(impact.live()).isFalse();
    }
}
