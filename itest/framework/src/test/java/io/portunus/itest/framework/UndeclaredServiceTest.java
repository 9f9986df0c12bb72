// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.framework;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.KindOwners;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.StreamLayer;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.XorLayer;
import io.portunus.model.Offer;
import io.portunus.node.api.ReadinessCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.junit5.context.BundleContextExtension;

/** Services of roles that flows have: those that the manifest of their bundle declares are taken, the others are not. */
@ExtendWith(BundleContextExtension.class)
@Timeout(60)
class UndeclaredServiceTest {
    private BundleContext context;
    private Node node;

    /** Recognises what nobody declared. */
    private record Sly(String kind) implements Inspector {
        @Override
        public Inspection begin() {
            throw new AssertionError("it is never asked");
        }
    }

    @BeforeEach
    void start(@InjectBundleContext BundleContext own) {
        context = own;
        node = Node.start(own);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private boolean taken(String kind) {
        return node.service(FlowVersions.class).providers().stream().map(ProviderView::kind).anyMatch(kind::equals);
    }

    @Test
    void isNotTakenAndDegradesTheNodeUntilItGoes() {
        KindOwners owners = node.service(KindOwners.class);
        ServiceRegistration<Inspector> sly = context.registerService(Inspector.class, new Sly("sly"), null);

        assertThat(taken("sly")).isFalse();
        assertThat(owners.undeclared()).extracting(KindOwners.Undeclared::offer).containsExactly(new Offer("inspector", "sly"));
        assertThat(node.services(ReadinessCheck.class)).filteredOn(check -> check.name().equals(ReadinessCheck.FORWARDING)).singleElement()
            .satisfies(check -> assertThat(check.degraded()).anyMatch(problem -> problem.path().equals("inspector.sly")));

        sly.unregister();
        Await.until("it is forgotten", Node.SOON, () -> owners.undeclared().isEmpty());
    }

    @Test
    void isTakenIfItIsDeclared() {
        ServiceRegistration<StreamLayer> layer = context.registerService(StreamLayer.class, new XorLayer(), null);

        assertThat(taken(XorLayer.KIND)).isTrue();
        assertThat(node.service(KindOwners.class).owners()).containsEntry(new Offer("layer", XorLayer.KIND),
            context.getBundle().getSymbolicName());

        layer.unregister();
        assertThat(taken(XorLayer.KIND)).isFalse();
    }
}
