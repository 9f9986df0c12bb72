// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** Services registered by hand, because they appear later than their component. Thread-safe; nothing is added once it is closed. */
final class Registrations {
    static final String LIFECYCLE = "portunus.lifecycle";

    private final BundleContext context;
    private final Deque<ServiceRegistration<?>> registered = new ArrayDeque<>();
    private boolean closed;

    Registrations(BundleContext context) {
        this.context = context;
    }

    /** Registers a service. */
    <S> void add(Class<S> type, S service) {
        add(type, service, Map.of());
    }

    /** Registers what reports to the launcher whether the start went well. */
    void started(Supplier<String> report) {
        add(Supplier.class, report, Map.of(LIFECYCLE, "started"));
    }

    /** Registers what the launcher runs when it has to reload. */
    void reload(Runnable reload) {
        add(Runnable.class, reload, Map.of(LIFECYCLE, "reload"));
    }

    /** The registry is called without the lock: it calls other components, which may be waiting for this one. */
    private <S> void add(Class<S> type, S service, Map<String, String> properties) {
        if (!keep(Optional.empty())) {
            return;
        }
        ServiceRegistration<?> registration;
        try {
            registration = context.registerService(type, service, FrameworkUtil.asDictionary(properties));
        } catch (IllegalStateException bundleStopped) {
            return;
        }
        if (!keep(Optional.of(registration))) {
            registration.unregister();
        }
    }

    private synchronized boolean keep(Optional<ServiceRegistration<?>> registration) {
        if (!closed) {
            registration.ifPresent(registered::push);
        }
        return !closed;
    }

    /** Takes every service back, the last first. */
    void close() {
        List<ServiceRegistration<?>> last;
        synchronized (this) {
            closed = true;
            last = List.copyOf(registered);
            registered.clear();
        }
        last.forEach(ServiceRegistration::unregister);
    }
}
