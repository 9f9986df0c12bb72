// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import io.portunus.admin.api.Authenticator;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.StaticFiles;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Keeps the {@link Roster} as the service registry has it; made before the surface listens. Thread-safe. */
@Component(service = Whiteboard.class)
public final class Whiteboard {
    private final Roster roster = new Roster(System::nanoTime);

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
}
