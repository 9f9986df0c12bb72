// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.framework;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import io.portunus.node.api.Actor;
import io.portunus.node.api.ConfigReload;
import io.portunus.node.api.ConfigReload.Report;
import io.portunus.node.api.ConfigReload.Result;
import io.portunus.node.api.NodeInfo;
import io.portunus.node.api.ReadinessCheck;
import io.portunus.node.api.SettingsCatalog;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.junit5.context.BundleContextExtension;

/** A node whose rules come from elsewhere: who reads the file is there, who reads rules in it is not. */
@ExtendWith(BundleContextExtension.class)
@Timeout(60)
class NodeWithoutRuleFileTest {
    private static final byte[] WORDS = "words".getBytes(StandardCharsets.UTF_8);
    private static final Actor BY = new Actor("test", "it");
    private static final String FILE = """
        [global]
        label = "edge-7"
        shutdown_drain_secs = 1
        [admin]
        listen = "127.0.0.1:0"
        [limits]
        max_connections = 64
        max_peeks = 16
        """;

    private final int port = Ports.free();
    private Backend backend;
    private BundleContext context;
    private Node node;

    @BeforeEach
    void start(@InjectBundleContext BundleContext own) throws Exception {
        context = own;
        backend = Backend.echo();
        node = Node.byFile(own, FILE);
    }

    @AfterEach
    void stop() throws Exception {
        backend.close();
        node.close();
    }

    @Test
    void itHasIdentityAndSettingsAndIsReadyOnceAnySourceHasGivenRules() throws Exception {
        assertThat(node.service(NodeInfo.class).label()).isEqualTo("edge-7");
        assertThat(node.service(SettingsCatalog.class).settings()).anySatisfy(entry -> {
            assertThat(entry.table() + "." + entry.key()).isEqualTo("limits.max_connections");
            assertThat(entry.value()).isEqualTo("64");
        });
        assertThat(check(ReadinessCheck.CONFIG).problems()).isEmpty();

        node.publish(Rules.plain(port, backend.port()));

        assertThat(node.readiness(200)).contains("\"config\"");
        try (Client client = Client.connect(port)) {
            assertThat(client.exchange(WORDS)).isEqualTo(WORDS);
        }
        assertThat(lifecycle(Supplier.class, "started").get()).isEqualTo("");
    }

    @Test
    void itsFileIsReloadedWithoutARuleInIt() throws Exception {
        node.publish(Rules.plain(port, backend.port()));
        node.readiness(200);

        node.write(FILE.replace("edge-7", "edge-8").replace("max_peeks = 16", "max_peeks = 17"));
        Report applied = node.service(ConfigReload.class).reload(BY);
        node.write(FILE + "[[rule]]\nname = \"a\"\n");
        Report refused = node.service(ConfigReload.class).reload(BY);

        // The watch may have been first.
        assertThat(applied.result()).isIn(Result.APPLIED, Result.UNCHANGED);
        assertThat(node.service(NodeInfo.class).label()).isEqualTo("edge-8");
        assertThat(refused.problems()).singleElement().satisfies(p -> assertThat(p.code().code() + " " + p.path()).isEqualTo("unknown_key rule"));
        assertThat(check(ReadinessCheck.CONFIG).degraded()).isNotEmpty();
    }

    @Test
    void itDrains() throws Exception {
        node.publish(Rules.plain(port, backend.port()));
        node.readiness(200);

        lifecycle(Runnable.class, "drain").run();

        assertThat(Client.refused(port)).isTrue();
    }

    private ReadinessCheck check(String name) {
        return node.services(ReadinessCheck.class).stream().filter(its -> its.name().equals(name)).findFirst().orElseThrow();
    }

    private <S> S lifecycle(Class<S> type, String word) throws Exception {
        String filter = "(portunus.lifecycle=" + word + ")";
        Await.until("a service for " + word, Node.SOON, () -> !references(type, filter).isEmpty());
        return context.getService(references(type, filter).getFirst());
    }

    private <S> List<ServiceReference<S>> references(Class<S> type, String filter) {
        try {
            return List.copyOf(context.getServiceReferences(type, filter));
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
