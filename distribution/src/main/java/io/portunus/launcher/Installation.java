// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.launcher.role.Notice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

/** The bundles of a plan inside the framework. What was deployed and does not work gives way to the distribution's. Confined to the main thread. */
final class Installation {
    private final LaunchPlan plan;
    private final BundleContext context;
    private final Consumer<Notice> notices;
    private final Map<Bundle, LaunchPlan.Item> installed = new HashMap<>();

    Installation(LaunchPlan plan, BundleContext context, Consumer<Notice> notices) {
        this.plan = plan;
        this.context = context;
        this.notices = notices;
    }

    /**
     * Installs and resolves everything. What the framework's cache holds already costs nothing, and what it holds besides goes: a process that
     * was killed in the middle of an upgrade left it.
     */
    List<Bundle> install() throws BundleException {
        Set<String> locations = new HashSet<>();
        plan.items().forEach(item -> locations.add(item.location()));
        for (Bundle stray : context.getBundles()) {
            if (stray.getBundleId() != Constants.SYSTEM_BUNDLE_ID && !locations.contains(stray.getLocation())) {
                stray.uninstall();
            }
        }
        List<Bundle> bundles = new ArrayList<>();
        for (LaunchPlan.Item item : plan.items()) {
            install(item).ifPresent(bundles::add);
        }
        resolve(bundles);
        return replaced(bundles, bundle -> bundle.getState() == Bundle.INSTALLED
            ? Optional.of("does not resolve: " + Appliance.unresolvedReason(bundle)) : Optional.empty());
    }

    /** Whether a bundle is not the distribution's. */
    boolean deployed(Bundle bundle) {
        return Optional.ofNullable(installed.get(bundle)).filter(LaunchPlan.Item::deployed).isPresent();
    }

    /** The framework starts by itself what was started once; these are started when they are believed. */
    static void hold(List<Bundle> bundles) throws BundleException {
        for (Bundle bundle : bundles) {
            bundle.stop();
        }
    }

    private Optional<Bundle> install(LaunchPlan.Item item) throws BundleException {
        try {
            return Optional.of(bundle(item));
        } catch (BundleException e) {
            if (!item.deployed()) {
                throw e;
            }
            report(item.jar().getFileName() + " cannot be installed: " + e.getMessage(), Map.of());
            return item.instead().isPresent() ? Optional.of(bundle(instead(item))) : Optional.empty();
        }
    }

    private Bundle bundle(LaunchPlan.Item item) throws BundleException {
        Bundle bundle = context.installBundle(item.location());
        bundle.adapt(BundleStartLevel.class).setStartLevel(item.startLevel());
        installed.put(bundle, item);
        return bundle;
    }

    private static LaunchPlan.Item instead(LaunchPlan.Item item) {
        return new LaunchPlan.Item(item.instead().orElseThrow(), item.startLevel(), false, Optional.empty());
    }

    /**
     * Puts the distribution's bundles in the place of deployed ones with a fault.
     *
     * @param fault what is wrong with a bundle, to follow its name
     * @return what is there then; those that came instead are resolved, not started
     */
    List<Bundle> replaced(List<Bundle> bundles, Function<Bundle, Optional<String>> fault) throws BundleException {
        Set<Bundle> all = new LinkedHashSet<>();
        List<Bundle> fresh = new ArrayList<>();
        for (Bundle bundle : bundles) {
            LaunchPlan.Item item = Optional.ofNullable(installed.get(bundle)).orElseThrow();
            Optional<String> its = item.deployed() ? fault.apply(bundle) : Optional.empty();
            if (its.isEmpty()) {
                all.add(bundle);
                continue;
            }
            report(bundle.getSymbolicName() + " " + bundle.getVersion() + " " + its.get(),
                Map.of("bundle", bundle.getSymbolicName(), "version", bundle.getVersion().toString()));
            bundle.uninstall();
            if (item.instead().isPresent()) {
                Bundle own = bundle(instead(item));
                all.add(own);
                fresh.add(own);
            }
        }
        resolve(fresh);
        return List.copyOf(all);
    }

    private void resolve(List<Bundle> bundles) {
        if (!bundles.isEmpty()) {
            context.getBundle().adapt(FrameworkWiring.class).resolveBundles(bundles);
        }
    }

    private void report(String fault, Map<String, String> values) {
        notices.accept(new Notice("error", "generation.failed", "What was deployed is left out: " + fault + "; the distribution's version runs,"
            + " if there is one.", values));
    }
}
