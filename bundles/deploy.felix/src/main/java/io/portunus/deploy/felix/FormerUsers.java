// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import java.lang.reflect.Field;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets bundles go that are uninstalled. Felix has a table of which bundle uses which services. When a bundle stops, it gives back what it uses, but
 * an entry is taken out only when the service itself goes, and most services of a node never do. So each version that ever used one would stay in
 * memory with its entry, some 17 KB. The framework has no call for it: the table is reached by its fields, whoever is uninstalled is taken out of
 * it, and nothing else is touched. Where Felix is made otherwise nothing is done, and the log states it once (decision 36). Thread-safe: the
 * table is.
 */
final class FormerUsers implements BundleListener {
    private static final Logger LOG = LoggerFactory.getLogger(FormerUsers.class);
    private final ConcurrentMap<?, ?> users;

    private FormerUsers(ConcurrentMap<?, ?> users) {
        this.users = users;
    }

    /** Of the framework that this is the system bundle of. */
    static FormerUsers of(Bundle system) {
        try {
            return new FormerUsers((ConcurrentMap<?, ?>) field(field(system, "m_registry"), "m_inUseMap"));
        } catch (ReflectiveOperationException | RuntimeException otherwise) {
            LOG.atWarn().addKeyValue("event", "bundle.users_unknown").addKeyValue("framework", system.getVersion()).setCause(otherwise)
                .log("the framework is made otherwise than Felix 7.0.5: what it keeps of each version that was replaced stays in memory");
            return new FormerUsers(new ConcurrentHashMap<>());
        }
    }

    private static Object field(Object object, String name) throws ReflectiveOperationException {
        Field field = object.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return Objects.requireNonNull(field.get(object), name);
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.UNINSTALLED) {
            letGo();
        }
    }

    /** Takes out who is uninstalled: such a bundle has no context any more by which it could use anything. */
    void letGo() {
        users.keySet().removeIf(user -> user instanceof Bundle bundle && bundle.getState() == Bundle.UNINSTALLED);
    }
}
