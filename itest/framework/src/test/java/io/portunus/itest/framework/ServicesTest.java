// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.framework;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.FlowRecordSink;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.Transport;
import io.portunus.itest.testkit.Await;
import io.portunus.node.api.LogLevels;
import io.portunus.node.api.MetricsPage;
import io.portunus.node.api.ReadinessCheck;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.RulePublisher;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.junit5.context.BundleContextExtension;

@ExtendWith(BundleContextExtension.class)
@Timeout(30)
class ServicesTest {
    private BundleContext context;
    private Node node;

    @BeforeEach
    void start(@InjectBundleContext BundleContext own) {
        context = own;
        node = Node.start(own);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void runsInFelixOnTheJavaOfTheToolchain() {
        assertThat(context.getProperty(Constants.FRAMEWORK_VENDOR)).isEqualTo("Apache Software Foundation");
        assertThat(Runtime.version().feature()).isEqualTo(25);
    }

    @Test
    void everyBundleIsActive() {
        assertThat(context.getBundles()).filteredOn(b -> b.getHeaders().get(Constants.FRAGMENT_HOST) == null)
            .allMatch(b -> b.getState() == Bundle.ACTIVE);
    }

    @Test
    void everyServiceOfTheContractsAppears() {
        Await.until("both transports", Node.SOON,
            () -> node.services(Transport.class).stream().map(Transport::name).sorted().toList().equals(List.of("epoll", "xnio")));
        for (Class<?> contract : List.of(ForwardingEngine.class, FlowHandler.class, Inspector.class, FlowRecordSink.class,
                RulePublisher.class, RuleCatalog.class, MetricsPage.class, LogLevels.class)) {
            Await.until(contract.getName(), Node.SOON, () -> node.services(contract).size() == 1);
        }
    }

    @Test
    void theInspectorIsOfTheKindThatRulesAskFor() {
        assertThat(node.service(Inspector.class).kind()).isEqualTo("tls");
    }

    @Test
    void everyExpectedPartGivesOneReadinessCheck() {
        Await.until("the checks", Node.SOON, () -> node.services(ReadinessCheck.class).size() == ReadinessCheck.EXPECTED.size() + 3);

        assertThat(node.services(ReadinessCheck.class)).extracting(ReadinessCheck::name)
            .containsAll(ReadinessCheck.EXPECTED).contains(ReadinessCheck.TARGETS, ReadinessCheck.COMPONENTS, ReadinessCheck.BUNDLES)
            .doesNotHaveDuplicates();
    }

    @Test
    void everyComponentOfOursIsSatisfied() {
        ServiceComponentRuntime components = node.service(ServiceComponentRuntime.class);

        Await.until("no component waits", Node.SOON, () -> waiting(components).isEmpty());
    }

    private static List<String> waiting(ServiceComponentRuntime components) {
        return components.getComponentDescriptionDTOs().stream().filter(d -> d.bundle.symbolicName.startsWith("io.portunus."))
            .filter(d -> !satisfied(components, d)).map(d -> d.name).toList();
    }

    private static boolean satisfied(ServiceComponentRuntime components, ComponentDescriptionDTO description) {
        List<ComponentConfigurationDTO> states = List.copyOf(components.getComponentConfigurationDTOs(description));
        return !states.isEmpty() && states.stream()
            .allMatch(s -> s.state == ComponentConfigurationDTO.ACTIVE || s.state == ComponentConfigurationDTO.SATISFIED);
    }

    @Test
    void itIsReadyAndReportsIt() {
        node.publish();

        node.readiness(200);

        assertThat(node.get("/healthz")).hasValueSatisfying(r -> assertThat(r.statusCode()).isEqualTo(200));
        assertThat(node.get("/metrics")).hasValueSatisfying(r -> assertThat(r.body()).contains("portunus_"));
    }
}
