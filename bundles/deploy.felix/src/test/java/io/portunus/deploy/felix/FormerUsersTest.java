// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** What Felix keeps of a bundle that is uninstalled, against a real one. */
class FormerUsersTest {
    private Workbench bench;
    private BundleContext system;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        bench = new Workbench(directory);
        system = bench.framework.getBundleContext();
        // A service that outlives whoever uses it.
        system.registerService(Runnable.class, () -> { }, null);
    }

    @AfterEach
    void stop() throws Exception {
        bench.close();
    }

    private Map<?, ?> users() throws ReflectiveOperationException {
        Object registry = field(bench.framework, "m_registry");
        return (Map<?, ?>) field(registry, "m_inUseMap");
    }

    private static Object field(Object object, String name) throws ReflectiveOperationException {
        Field field = object.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return Objects.requireNonNull(field.get(object));
    }

    /** A version that uses the service, until it is uninstalled. */
    private Bundle comesAndGoes(String version) throws Exception {
        Bundle bundle = system.installBundle(bench.jar(version).toUri().toString());
        bundle.start();
        ServiceReference<Runnable> service = Objects.requireNonNull(bundle.getBundleContext().getServiceReference(Runnable.class));
        assertThat(bundle.getBundleContext().getService(service)).isNotNull();
        bundle.uninstall();
        return bundle;
    }

    /** The defect that all this is for: when this fails, Felix has mended it, and {@link FormerUsers} can go. */
    @Test
    void felixKeepsWhoIsUninstalled() throws Exception {
        Bundle gone = comesAndGoes("2.0.0");

        assertThat(users().keySet().stream().anyMatch(gone::equals)).isTrue();
    }

    @Test
    void whoIsUninstalledIsLetGoAndEverybodyElseStays() throws Exception {
        FormerUsers former = FormerUsers.of(bench.framework);
        system.addBundleListener(former);
        Bundle stays = bench.bundle("1.0.0");
        ServiceReference<Runnable> service = Objects.requireNonNull(stays.getBundleContext().getServiceReference(Runnable.class));
        stays.getBundleContext().getService(service);
        int before = users().size();

        for (int version = 2; version < 50; version++) {
            comesAndGoes(version + ".0.0");
        }

        Workbench.await(() -> count() == before);
        assertThat(service.getUsingBundles()).contains(stays);
    }

    private int count() {
        try {
            return users().size();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoWentBeforeItCameIsLetGo() throws Exception {
        Bundle gone = comesAndGoes("2.0.0");

        FormerUsers.of(bench.framework).letGo();

        assertThat(users().keySet().stream().noneMatch(gone::equals)).isTrue();
    }

    @Test
    void aFrameworkThatIsMadeOtherwiseIsLeftAlone() throws Exception {
        FormerUsers former = FormerUsers.of(bench.bundle("1.0.0"));

        former.letGo();

        assertThat(bench.bundle("1.0.0").getState()).isEqualTo(Bundle.ACTIVE);
    }
}
