// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Offer;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.BundleGuard;
import io.portunus.node.api.BundlePart;
import io.portunus.node.api.DeployCode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;

/** What is asked of the framework, each call that runs code of bundles with a deadline. Thread-safe. */
final class Bundles {
    /** The level of a bundle that no other version of is there: that of handlers and inspectors. */
    static final int START_LEVEL = 20;
    /** Starting, stopping, a check of itself: what takes longer is a defect. */
    static final Duration PATIENCE = Duration.ofSeconds(10);
    private final BundleContext context;
    private final Duration patience;
    private final BundleGuard guard;

    Bundles(BundleContext context, Duration patience, BundleGuard guard) {
        this.context = context;
        this.patience = patience;
        this.guard = guard;
    }

    /** What knows how versions did. */
    BundleGuard guard() {
        return guard;
    }

    Duration patience() {
        return patience;
    }

    List<Bundle> all() {
        return List.of(context.getBundles());
    }

    /** Every version of a bundle, the oldest installation first. */
    List<Bundle> named(String name) {
        return all().stream().filter(bundle -> name.equals(bundle.getSymbolicName())).toList();
    }

    Optional<Bundle> find(String name, String version) {
        return named(name).stream().filter(bundle -> bundle.getVersion().toString().equals(version)).findFirst();
    }

    /** Whether a bundle was installed from a location. */
    boolean installed(String location) {
        return context.getBundle(location) != null;
    }

    /** Whether a bundle offers a service now. */
    boolean offers(Bundle bundle, Class<?> type) {
        return reference(bundle, type).isPresent();
    }

    /** Whether a bundle can be replaced while the node forwards; one that is stopped is taken at its word. */
    boolean live(Bundle bundle) {
        return offers(bundle, SelfCheck.class)
            || bundle.getState() != Bundle.ACTIVE && BundleJar.declaresSelfCheck(header(bundle, Constants.PROVIDE_CAPABILITY));
    }

    /** What its manifest declares it brings. */
    List<Offer> declared(Bundle bundle) {
        return Offer.declared(header(bundle, Offer.HEADER));
    }

    /** Versions in which bundles export a package; the system bundle exports, too. */
    List<Version> exported(String name) {
        return all().stream().flatMap(bundle -> Optional.ofNullable(bundle.adapt(BundleRevision.class)).stream())
            .flatMap(revision -> revision.getDeclaredCapabilities(BundleRevision.PACKAGE_NAMESPACE).stream())
            .filter(capability -> name.equals(capability.getAttributes().get(BundleRevision.PACKAGE_NAMESPACE)))
            .map(capability -> capability.getAttributes().get(Constants.VERSION_ATTRIBUTE))
            .map(version -> version instanceof Version its ? its : Version.emptyVersion).toList();
    }

    private static String header(Bundle bundle, String name) {
        return Optional.ofNullable(bundle.getHeaders("").get(name)).orElse("");
    }

    private static Optional<ServiceReference<?>> reference(Bundle bundle, Class<?> type) {
        try {
            return Arrays.stream(Optional.ofNullable(bundle.getRegisteredServices()).orElse(new ServiceReference<?>[0]))
                .filter(found -> List.of((String[]) found.getProperty(Constants.OBJECTCLASS)).contains(type.getName()))
                .findFirst();
        } catch (IllegalStateException e) {
            // It was uninstalled meanwhile.
            return Optional.empty();
        }
    }

    /**
     * Asks a service of a bundle on a thread of its own, which also activates the component behind it.
     *
     * @throws IllegalStateException if it has none, or one of other classes
     */
    <S, R> R ask(Bundle bundle, Class<S> type, Function<S, R> question) throws TimeoutException, ExecutionException, InterruptedException {
        ServiceReference<?> reference = reference(bundle, type)
            .orElseThrow(() -> new IllegalStateException("it offers no " + type.getSimpleName()));
        return guard.call(part(bundle, type.getSimpleName()), patience, () -> {
            Optional<?> service = Optional.ofNullable(context.getService(reference));
            try {
                return question.apply(service.filter(type::isInstance).map(type::cast)
                    .orElseThrow(() -> new IllegalStateException("its " + type.getSimpleName() + " does not activate, or is of other classes")));
            } finally {
                context.ungetService(reference);
            }
        });
    }

    /**
     * Installs from a location.
     *
     * @throws DeployException if the framework refuses
     */
    Bundle install(String location) {
        try {
            Bundle bundle = context.installBundle(location);
            bundle.adapt(BundleStartLevel.class).setStartLevel(startLevel(bundle));
            return bundle;
        } catch (BundleException | IllegalStateException e) {
            throw new DeployException(DeployCode.BUNDLE_UNREADABLE, "The framework does not install the bundle: " + Deadline.rootCause(e) + ".");
        }
    }

    /** That of another version that is there: what is read at the start may need it as early as that. */
    private int startLevel(Bundle bundle) {
        return named(String.valueOf(bundle.getSymbolicName())).stream().filter(other -> !other.equals(bundle)).map(Bundles::ownLevel)
            .flatMap(Optional::stream).findFirst().orElse(START_LEVEL);
    }

    private static Optional<Integer> ownLevel(Bundle bundle) {
        try {
            return Optional.of(bundle.adapt(BundleStartLevel.class).getStartLevel());
        } catch (IllegalStateException e) {
            // It was uninstalled meanwhile.
            return Optional.empty();
        }
    }

    /** Resolves one bundle alone; nothing else is refreshed. */
    void resolve(Bundle bundle) {
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class).resolveBundles(List.of(bundle));
        List<String> missing = missing(bundle);
        if (!missing.isEmpty()) {
            throw new DeployException(DeployCode.BUNDLE_UNRESOLVED, "The bundle does not resolve: " + String.join(" ", missing));
        }
        whyUnresolved(bundle).ifPresent(reason -> {
            throw new DeployException(DeployCode.BUNDLE_UNRESOLVED, "The bundle does not resolve: " + reason + ".");
        });
    }

    /** Why a bundle is not resolved; empty if it is. The framework gives the reason only to a call that requires it, as loading a class does. */
    private static Optional<String> whyUnresolved(Bundle bundle) {
        if (bundle.getState() != Bundle.INSTALLED) {
            return Optional.empty();
        }
        try {
            bundle.loadClass("none");
            return Optional.empty();
        } catch (ClassNotFoundException e) {
            return bundle.getState() == Bundle.INSTALLED ? Optional.of(Deadline.rootCause(e)) : Optional.empty();
        }
    }

    /**
     * What a bundle that is not resolved needs and nobody provides, a sentence each. Only looks: to have the framework give the reason would be to
     * resolve, which another bundle's start in the same moment does not bear.
     */
    List<String> missing(Bundle bundle) {
        Optional<BundleRevision> revision = Optional.ofNullable(bundle.adapt(BundleRevision.class));
        if (bundle.getState() != Bundle.INSTALLED || revision.isEmpty()) {
            return List.of();
        }
        FrameworkWiring wiring = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        return revision.get().getDeclaredRequirements(null).stream().filter(Bundles::mandatory)
            .filter(needed -> wiring.findProviders(needed).isEmpty())
            .map(needed -> "No bundle provides " + needed.getNamespace() + " "
                + needed.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "") + ".").toList();
    }

    private static boolean mandatory(BundleRequirement needed) {
        Map<String, String> directives = needed.getDirectives();
        String resolution = directives.getOrDefault(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE, Namespace.RESOLUTION_MANDATORY);
        String effective = directives.getOrDefault(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, Namespace.EFFECTIVE_RESOLVE);
        return Namespace.RESOLUTION_MANDATORY.equals(resolution) && Namespace.EFFECTIVE_RESOLVE.equals(effective);
    }

    /**
     * Starts a bundle.
     *
     * @throws DeployException if it fails, or takes too long
     */
    void start(Bundle bundle) {
        act("start", bundle, () -> {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
            return true;
        });
    }

    void stop(Bundle bundle) {
        act("stop", bundle, () -> gone(bundle, bundle::stop));
    }

    void uninstall(Bundle bundle) {
        act("uninstall", bundle, () -> gone(bundle, bundle::uninstall));
    }

    /** What takes a bundle away. */
    private interface Leave {
        void leave() throws BundleException;
    }

    /** A bundle that somebody else took away, before or meanwhile, is where it should be. */
    private static boolean gone(Bundle bundle, Leave how) throws BundleException {
        try {
            if (bundle.getState() != Bundle.UNINSTALLED) {
                how.leave();
            }
        } catch (IllegalStateException e) {
            if (bundle.getState() != Bundle.UNINSTALLED) {
                throw e;
            }
        }
        return true;
    }

    private static BundlePart part(Bundle bundle, String part) {
        return new BundlePart(String.valueOf(bundle.getSymbolicName()), bundle.getVersion().toString(), part);
    }

    private void act(String verb, Bundle bundle, Callable<Boolean> action) {
        String subject = bundle.getSymbolicName() + " " + bundle.getVersion();
        try {
            guard.call(part(bundle, verb), patience, action);
        } catch (ExecutionException e) {
            throw new DeployException(DeployCode.START_FAILED, subject + " does not " + verb + ": " + Deadline.rootCause(e) + ".");
        } catch (TimeoutException e) {
            throw new DeployException(DeployCode.START_FAILED, subject + " does not " + verb + ": " + e.getMessage() + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeployException(ProblemCode.BUSY, "The change was interrupted: the node stops.");
        }
    }
}
