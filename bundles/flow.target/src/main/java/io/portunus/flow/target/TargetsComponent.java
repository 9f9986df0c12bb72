// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.spi.Handover;
import io.portunus.flow.spi.NameService;
import io.portunus.flow.spi.TargetSelector;
import io.portunus.model.Offer;
import io.portunus.node.api.ReadinessCheck;
import org.osgi.annotation.bundle.Header;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Offers {@link Targets}. It is immediate, because what was handed over must not go when nobody looks. Deactivated it probes no more; the
 * searches it began go on.
 */
@Header(name = Offer.HEADER, value = "selector;kind=targets")
@Component(service = {TargetSelector.class, Handover.class, ReadinessCheck.class}, immediate = true)
public final class TargetsComponent extends Targets {
    /** Needs nothing and has no configuration. */
    @Activate
    public TargetsComponent() {
        super(Environment.system());
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindNames(NameService service) {
        names(service);
    }

    void unbindNames(NameService service) {
        namesGone(service);
    }

    @Deactivate
    void deactivate() {
        stop();
    }
}
