// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.launcher.role.Readiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * What the launcher asks of services inside the framework. Their types live in bundles, so it uses JDK types, and reflection where it must.
 * Thread-safe.
 */
final class Services {
    private static final String COMPONENTS = "org.osgi.service.component.runtime.ServiceComponentRuntime";
    private static final String CONFIGURATIONS = "org.osgi.service.cm.ConfigurationAdmin";
    /** Property of the services by which launcher and bundles meet. */
    static final String LIFECYCLE = "portunus.lifecycle";
    private static final long SLICE_MILLIS = 250;
    private final Bundle system;

    /**
     * Prepares the questions.
     *
     * @param system the framework
     */
    Services(Bundle system) {
        this.system = system;
    }

    /** A stopped framework has no context. */
    private BundleContext context() {
        return Optional.ofNullable(system.getBundleContext()).orElseThrow(() -> new IllegalStateException("the framework is stopped"));
    }

    /** Prints lines above the terminal's prompt; false if there is none, or no framework any more. */
    boolean abovePrompt(String lines) {
        BundleContext now = system.getBundleContext();
        if (now == null) {
            return false;
        }
        try {
            for (ServiceReference<?> found : now.getServiceReferences(Predicate.class, "(portunus.prompt=above)")) {
                if (now.getService(found) instanceof Predicate<?> prompt) {
                    return print(prompt, lines);
                }
            }
            return false;
        } catch (InvalidSyntaxException | IllegalStateException stopped) {
            return false;
        }
    }

    @SuppressWarnings("unchecked")
    private static boolean print(Predicate<?> prompt, String lines) {
        return ((Predicate<String>) prompt).test(lines);
    }

    /**
     * Why a deployed bundle must not run, as whoever knows the trusted signers answers, to follow the bundle's name; nobody is trusted if he does not
     * come in time.
     */
    Function<Bundle, Optional<String>> distrust(Duration within) {
        ServiceTracker<BiFunction<String, String, String>, BiFunction<String, String, String>> tracker =
            new ServiceTracker<>(context(), filter(BiFunction.class, "trust"), null);
        tracker.open();
        try {
            Optional<BiFunction<String, String, String>> trust = Optional.empty();
            for (long slices = within.toMillis() / SLICE_MILLIS; slices > 0 && trust.isEmpty() && running(); slices--) {
                trust = Optional.ofNullable(tracker.waitForService(SLICE_MILLIS));
            }
            Optional<BiFunction<String, String, String>> asked = trust;
            Map<Bundle, Optional<String>> answers = new HashMap<>();
            return bundle -> answers.computeIfAbsent(bundle, its -> asked
                .map(who -> Optional.of(who.apply(its.getSymbolicName(), its.getVersion().toString())).filter(why -> !why.isEmpty()))
                .orElse(Optional.of("cannot be verified, because nobody knows who may sign")));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return bundle -> Optional.of("was not verified");
        } finally {
            tracker.close();
        }
    }

    /**
     * How a start went.
     *
     * @param sentences what keeps the role from its work, a sentence a line
     * @param byConfiguration whether that is what its configuration asks for, and no bundle's doing
     */
    record Start(String sentences, boolean byConfiguration) {
    }

    /** How the start went; empty if nobody answered in time. */
    Optional<Start> started(Readiness readiness) {
        ServiceTracker<Supplier<?>, Supplier<?>> tracker = new ServiceTracker<>(context(), filter(Supplier.class, readiness.lifecycle()), null);
        tracker.open();
        try {
            Optional<Supplier<?>> sentences = Optional.empty();
            // In slices, because a tracker goes on waiting in a framework that was stopped.
            for (long slices = readiness.within().toMillis() / SLICE_MILLIS; slices > 0 && sentences.isEmpty() && running(); slices--) {
                sentences = Optional.ofNullable(tracker.waitForService(SLICE_MILLIS));
            }
            return sentences.map(its -> new Start(String.valueOf(its.get()), its instanceof BooleanSupplier cause && cause.getAsBoolean()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            tracker.close();
        }
    }

    private boolean running() {
        return system.getState() == Bundle.ACTIVE;
    }

    /** Ends what is forwarded, within the configured deadline. */
    void drain() {
        run("drain");
    }

    /**
     * How long that may take.
     *
     * @throws IllegalStateException if nobody states it
     */
    Duration drainLimit() {
        ServiceTracker<Supplier<?>, Supplier<?>> tracker = new ServiceTracker<>(context(), filter(Supplier.class, "drain"), null);
        tracker.open();
        try {
            return Optional.ofNullable(tracker.getService()).map(Supplier::get).filter(Duration.class::isInstance).map(Duration.class::cast)
                .orElseThrow(() -> new IllegalStateException("nobody states how long a drain may take"));
        } finally {
            tracker.close();
        }
    }

    /** Has the configuration read again; does nothing while nobody offers that. */
    void reload() {
        try {
            run("reload");
        } catch (IllegalStateException stopped) {
            // The framework, or the bundle that would do it, has been stopped meanwhile: there is nothing left to reload.
            return;
        }
    }

    private void run(String lifecycle) {
        ServiceTracker<Runnable, Runnable> tracker = new ServiceTracker<>(context(), filter(Runnable.class, lifecycle), null);
        tracker.open();
        try {
            Optional.ofNullable(tracker.getService()).ifPresent(Runnable::run);
        } finally {
            tracker.close();
        }
    }

    /** The log format in force. */
    Optional<LogFormat> logFormat() {
        try {
            Object admin = service(CONFIGURATIONS);
            Class<?> configuration = context().getServiceReference(CONFIGURATIONS).getBundle().loadClass("org.osgi.service.cm.Configuration");
            Object found = type(CONFIGURATIONS).getMethod("listConfigurations", String.class).invoke(admin, "(service.pid=io.portunus.log)");
            if (found instanceof Object[] list && configuration.getMethod("getProperties").invoke(list[0]) instanceof Dictionary<?, ?> values) {
                return LogFormat.parse(String.valueOf(values.get("format")));
            }
            return Optional.empty();
        } catch (ReflectiveOperationException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    /** A sentence for each component of ours that waits for something, or failed. */
    List<String> unsatisfiedComponents() {
        List<String> sentences = new ArrayList<>();
        try {
            Object runtime = service(COMPONENTS);
            Class<?> description = context().getServiceReference(COMPONENTS).getBundle()
                .loadClass("org.osgi.service.component.runtime.dto.ComponentDescriptionDTO");
            Object all = type(COMPONENTS).getMethod("getComponentDescriptionDTOs", Bundle[].class)
                .invoke(runtime, (Object) new Bundle[0]);
            for (Object component : (Collection<?>) all) {
                Collection<?> states = (Collection<?>) type(COMPONENTS).getMethod("getComponentConfigurationDTOs", description)
                    .invoke(runtime, component);
                if (states.isEmpty() && ours(component)) {
                    sentences.add("component " + field(component, "name") + " waits for its configuration");
                }
                for (Object state : states) {
                    complaint(component, state).ifPresent(sentences::add);
                }
            }
        } catch (ReflectiveOperationException e) {
            sentences.add("The components cannot be listed: " + e);
        }
        return sentences;
    }

    private static boolean ours(Object component) throws ReflectiveOperationException {
        return String.valueOf(field(component, "name")).startsWith("io.portunus.");
    }

    /** States of a component's configuration: 1 needs configuration, 2 needs services, 4 and 8 are well, 16 failed. */
    private static Optional<String> complaint(Object component, Object state) throws ReflectiveOperationException {
        if (!ours(component) || !(field(state, "state") instanceof Integer code)) {
            return Optional.empty();
        }
        String subject = "component " + field(component, "name");
        return switch (code) {
            case 1 -> Optional.of(subject + " waits for its configuration");
            case 2 -> Optional.of(subject + " waits for " + String.join(", ", missingServices(component, state)));
            case 16 -> Optional.of(subject + " failed: " + String.valueOf(field(state, "failure")).lines().findFirst().orElse(""));
            default -> Optional.empty();
        };
    }

    /** The references that are not satisfied have names only; of a constructor's parameter that is a number, so the type is looked up. */
    private static List<String> missingServices(Object component, Object state) throws ReflectiveOperationException {
        Set<Object> names = new HashSet<>();
        for (Object reference : (Object[]) field(state, "unsatisfiedReferences")) {
            names.add(field(reference, "name"));
        }
        List<String> types = new ArrayList<>();
        for (Object reference : (Object[]) field(component, "references")) {
            if (names.contains(field(reference, "name"))) {
                types.add(String.valueOf(field(reference, "interfaceName")));
            }
        }
        return types;
    }

    private static Object field(Object dto, String name) throws ReflectiveOperationException {
        return Optional.ofNullable(dto.getClass().getField(name).get(dto)).orElse("");
    }

    private Object service(String type) throws ReflectiveOperationException {
        Optional<ServiceReference<?>> reference = Optional.ofNullable(context().getServiceReference(type));
        return reference.map(context()::getService).orElseThrow(() -> new ClassNotFoundException(type));
    }

    private Class<?> type(String name) throws ClassNotFoundException {
        return context().getServiceReference(name).getBundle().loadClass(name);
    }

    private Filter filter(Class<?> type, String lifecycle) {
        try {
            return context().createFilter("(&(objectClass=" + type.getName() + ")(" + LIFECYCLE + "=" + lifecycle + "))");
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
