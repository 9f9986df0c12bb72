// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.Transport;
import io.portunus.linux.api.SystemCalls;
import io.portunus.model.Offer;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers {@link EpollTransport} for as long as there are system calls, once a trial of it has passed. The calls are replaced under it, so
 * that who makes them is upgraded without a socket that moves.
 */
@Header(name = Offer.HEADER, value = "transport;kind=epoll")
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\"io.portunus.flow.spi.Transport\"", effective = "active")
@Component(service = { }, immediate = true)
public final class EpollTransportComponent {
    private static final Logger LOG = LoggerFactory.getLogger(EpollTransportComponent.class);

    private final Bound bound = new Bound();
    private @Nullable ServiceRegistration<Transport> registration;

    /** The calls and who makes them: newer ones may come while the transport starts. Thread-safe. */
    private static final class Bound {
        private Optional<SystemCalls> calls = Optional.empty();
        private Optional<EpollTransport> transport = Optional.empty();

        synchronized SystemCalls calls() {
            return calls.orElseThrow();
        }

        synchronized void calls(SystemCalls newer) {
            calls = Optional.of(newer);
            transport.ifPresent(running -> running.calls(newer));
        }

        synchronized void transport(EpollTransport started) {
            transport = Optional.of(started);
            started.calls(calls());
        }

        synchronized void retire() {
            transport.ifPresent(EpollTransport::retire);
        }
    }

    /** Starts nothing yet. */
    @Activate
    public EpollTransportComponent() {
    }

    /** The component runtime binds newer ones before it takes the older away. */
    @Reference(policy = ReferencePolicy.DYNAMIC)
    void bindCalls(SystemCalls newer) {
        bound.calls(newer);
    }

    void unbindCalls(SystemCalls older) {
        // Others have taken their place by then, or this component ends with them, and its sockets go on with what they have.
    }

    /** Starts the loops, one a processor, where they work. */
    @Activate
    void start(BundleContext context) throws IOException {
        Optional<String> objection = EpollTrial.run(bound.calls());
        if (objection.isPresent()) {
            LOG.atDebug().addKeyValue("reason", objection.get()).log("there is no transport by epoll");
            return;
        }
        EpollTransport started = EpollTransport.start(bound.calls(), Runtime.getRuntime().availableProcessors(), System::nanoTime);
        bound.transport(started);
        registration = context.registerService(Transport.class, started, null);
    }

    @Deactivate
    void deactivate() {
        if (registration != null) {
            registration.unregister();
        }
        bound.retire();
    }
}
