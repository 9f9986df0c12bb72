// SPDX-License-Identifier: Apache-2.0
package io.portunus.elsewhere;

import java.util.Dictionary;
import java.util.Map;
import java.util.function.Supplier;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** The one bundle of {@link GateRole}. */
public final class GateActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        String name = String.valueOf(context.getProperty("portunus.gate.name"));
        context.registerService(Supplier.class, () -> name.equals("stuck") ? "The gate " + name + " does not open." : "", lifecycle("open"));
        context.registerService(Runnable.class, () -> System.out.println("everybody leaves " + name), lifecycle("drain"));
    }

    private static Dictionary<String, String> lifecycle(String phase) {
        return FrameworkUtil.asDictionary(Map.of("portunus.lifecycle", phase));
    }

    @Override
    public void stop(BundleContext context) {
        System.out.println("the gate is shut");
    }
}
