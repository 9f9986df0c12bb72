// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import io.portunus.admin.api.Authenticator;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.StaticFiles;
import io.portunus.node.api.BundleGuard;
import io.portunus.node.api.LivenessCheck;
import java.util.Optional;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Keeps the {@link Roster} as the service registry has it; made before the surface listens. Thread-safe. */
@Component(service = Whiteboard.class)
public final class Whiteboard {
    private final Roster roster;

    /** Begins with nobody; what goes wrong in what bundles bring is charged to them. */
    @Activate
    public Whiteboard(@Reference BundleGuard guard) {
        roster = new Roster(System::nanoTime, guard);
    }

    Roster roster() {
        return roster;
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void addResource(Resource resource, ServiceReference<Resource> reference) {
        roster.add(Owner.of(reference), resource);
    }

    void removeResource(Resource resource, ServiceReference<Resource> reference) {
        roster.remove(Owner.id(reference));
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void addFiles(StaticFiles files, ServiceReference<StaticFiles> reference) {
        roster.add(Owner.of(reference), files);
    }

    void removeFiles(StaticFiles files, ServiceReference<StaticFiles> reference) {
        roster.remove(Owner.id(reference));
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void addAuthenticator(Authenticator authenticator, ServiceReference<Authenticator> reference) {
        roster.add(Owner.of(reference), authenticator);
    }

    void removeAuthenticator(Authenticator authenticator, ServiceReference<Authenticator> reference) {
        roster.remove(Owner.id(reference));
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC)
    void setLiveness(LivenessCheck check) {
        roster.liveness().check(Optional.of(check));
    }

    void unsetLiveness(LivenessCheck check) {
        roster.liveness().check(Optional.empty());
    }
}
