// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.launcher.role.Notice;
import io.portunus.launcher.role.Readiness;
import io.portunus.launcher.role.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleRevision;

/**
 * The framework with the bundles of one feature: it starts whole or not at all, and drains before it stops, whoever stops it. Confined to the
 * main thread except {@link #stop}.
 */
final class Appliance {
    /** Every level up to this one is started. Above {@link #FORWARDING_LEVEL} is the terminal's line editor, of no use without a terminal. */
    static final int SHELL_LEVEL = 40;
    static final int FORWARDING_LEVEL = 30;
    /** What was deployed is started at this one: whoever knows what is trusted runs, and no rule is in force yet that would need it. */
    static final int DEPLOYED_LEVEL = 20;
    /** Longest wait for whoever knows what is trusted; what was deployed is left out if he does not come. */
    private static final Duration TRUST_WAIT = Duration.ofSeconds(10);
    private static final Duration ABORT_WAIT = Duration.ofSeconds(5);
    private static final long SLICE_MILLIS = 250;

    private final Readiness readiness;
    private final Deployed deployed;
    private final LaunchPlan plan;
    private final BundleCache cache;
    private final int level;
    private final Framework framework;
    private final LastResort lastResort;
    private final List<Notice> notices = new ArrayList<>();
    /** Why a bundle did not start, by its id: at most one sentence a bundle. Written by the framework's event thread. */
    private final Map<Long, String> faults = new ConcurrentHashMap<>();
    /** Set by whoever notices that a loop is lost, read by the main thread. */
    private volatile boolean lostLoop;
    /** Written by a signal's thread, read by the main thread. */
    private volatile boolean stopping;
    /** Written by the main thread before it reads {@link #stopping}, read by a signal's thread after it wrote that: one of them stops. */
    private volatile boolean running;

    /**
     * Prepares the framework.
     *
     * @param state the state folder, which has what was deployed and gets the framework's storage
     * @param report writes down what did not end when a stop took too long
     */
    Appliance(Role role, Home home, Path state, Map<String, String> properties, boolean shell, Consumer<Unended> report) {
        Path storage = state.resolve("bundles");
        this.readiness = role.readiness();
        this.level = shell ? SHELL_LEVEL : FORWARDING_LEVEL;
        FeatureFile feature = home.feature(role.feature());
        this.deployed = Deployed.of(state, properties, notices::add);
        this.plan = deployed.beside(LaunchPlan.of(feature, home.repository()));
        this.cache = new BundleCache(storage, BundleCache.fingerprint(feature.id().toString(), plan.jars()));
        this.framework = new FrameworkFactory().newFramework(configuration(deployed.into(properties), storage));
        this.lastResort = new LastResort(() -> services().drainLimit(), LastResort.GRACE, () -> report.accept(Unended.of(framework)),
            () -> lostLoop ? ExitCode.LOST_LOOP : ExitCode.HALTED, Runtime.getRuntime()::halt);
    }

    private Map<String, String> configuration(Map<String, String> properties, Path storage) {
        Map<String, String> configuration = new HashMap<>(properties);
        configuration.put(Constants.FRAMEWORK_STORAGE, storage.resolve("framework").toString());
        configuration.put("portunus.owners", plan.decided());
        boolean deploys = plan.items().stream().anyMatch(LaunchPlan.Item::deployed);
        configuration.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(deploys ? DEPLOYED_LEVEL : level));
        // The framework would print to standard output; its errors reach us as events.
        configuration.put("felix.log.level", "0");
        // So would the component runtime, with traces; what fails is logged by deploy.felix, soon after it is counted, in one line.
        configuration.put("ds.log.enabled", Boolean.toString("trace".equals(properties.get("portunus.log.level"))));
        configuration.put("ds.service.changecount.timeout", "200");
        return configuration;
    }

    /**
     * Starts everything.
     *
     * @return false if it was stopped meanwhile
     * @throws LaunchException if anything did not start; nothing is left running then
     */
    boolean start() {
        try {
            deployed.begin();
            launch();
            running = true;
            if (!stopping) {
                requireForwarding();
                cache.confirm();
                deployed.end();
                return true;
            }
            deployed.end();
            stop();
            return !stopped();
        } catch (LaunchException | IllegalStateException e) {
            // A framework that is stopped under our hands answers with an illegal state somewhere.
            if (stopped()) {
                return false;
            }
            abort();
            throw e;
        } catch (IOException e) {
            throw new LaunchException(ExitCode.FAILED, "The state directory cannot be used: " + StateDirectory.fault(e) + ".", e);
        } catch (BundleException e) {
            throw new LaunchException(ExitCode.FAILED, "The framework does not start: " + rootCause(e), e);
        }
    }

    private void launch() throws BundleException, IOException {
        cache.open();
        // Threads of bundles inherit it: without one a library asks its own loader, and JLine finds its terminals, not ours.
        Thread.currentThread().setContextClassLoader(null);
        framework.init(this::fault);
        framework.getBundleContext().addBundleListener((SynchronousBundleListener) this::drainBeforeStop);
        framework.getBundleContext().registerService(Runnable.class, this::loseLoop,
            FrameworkUtil.asDictionary(Map.of(Services.LIFECYCLE, "lost_loop")));
        Installation installation = new Installation(plan, framework.getBundleContext(), notices::add);
        List<Bundle> bundles = installation.install();
        requireResolved(bundles);
        List<Bundle> held = bundles.stream().filter(installation::deployed).toList();
        Installation.hold(held);
        startAll(bundles.stream().filter(bundle -> !held.contains(bundle)).toList());
        framework.start();
        // Code of what was deployed runs only once it is known who may sign, which is configuration, and whether he did.
        List<Bundle> believed = held.isEmpty() ? bundles : installation.replaced(bundles, services().distrust(TRUST_WAIT));
        startAll(believed.stream().filter(bundle -> !bundles.contains(bundle)).toList());
        believed.stream().filter(held::contains).forEach(this::tryStart);
        List<Bundle> remaining = working(installation, believed);
        if (!held.isEmpty()) {
            startRest();
            remaining = working(installation, remaining);
        }
        requireActive(remaining);
    }

    /** Has the distribution's bundles run in place of deployed ones that do not start. */
    private List<Bundle> working(Installation installation, List<Bundle> bundles) throws BundleException {
        List<Bundle> remaining = installation.replaced(bundles, this::inactive);
        startAll(remaining.stream().filter(bundle -> !bundles.contains(bundle)).toList());
        return remaining;
    }

    /** The levels that wait for what was deployed; a bundle that takes longer than a start may is reported as one that does not start. */
    private void startRest() {
        CountDownLatch reached = new CountDownLatch(1);
        framework.adapt(FrameworkStartLevel.class).setStartLevel(level, event -> {
            if (event.getType() == FrameworkEvent.STARTLEVEL_CHANGED) {
                reached.countDown();
            }
        });
        try {
            // In slices, because nobody raises the level of a framework that was stopped.
            boolean there = false;
            long most = readiness.within().toMillis() / SLICE_MILLIS;
            for (long slices = most; slices > 0 && !there && framework.getState() == Bundle.ACTIVE; slices--) {
                there = reached.await(SLICE_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was deployed and does not start gives way, and the node starts without it. */
    private void tryStart(Bundle bundle) {
        try {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
        } catch (BundleException e) {
            faults.putIfAbsent(bundle.getBundleId(), rootCause(e));
        }
    }

    private static void startAll(List<Bundle> bundles) throws BundleException {
        for (Bundle bundle : bundles) {
            if (!fragment(bundle)) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
        }
    }

    /** Stops without a drain what a failed start left, so that the log is written to its end. */
    private void abort() {
        running = false;
        lastResort.arm();
        try {
            framework.stop();
            framework.waitForStop(ABORT_WAIT.toMillis());
        } catch (BundleException e) {
            // The process ends at once anyway.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the end of a stop that was asked for meanwhile. */
    private boolean stopped() {
        if (stopping && running) {
            serve();
        }
        return stopping;
    }

    private void requireResolved(List<Bundle> bundles) {
        require(bundles.stream().filter(bundle -> bundle.getState() == Bundle.INSTALLED)
            .map(bundle -> "bundle " + bundle.getSymbolicName() + " does not resolve: " + unresolvedReason(bundle)).toList());
    }

    /** The framework gives the reason only to who needs the bundle resolved, as loading a class does. */
    static String unresolvedReason(Bundle bundle) {
        try {
            bundle.loadClass("none");
            return "unknown";
        } catch (ClassNotFoundException e) {
            return rootCause(e);
        }
    }

    private void requireActive(List<Bundle> bundles) {
        require(bundles.stream().flatMap(bundle -> inactive(bundle).map(why -> "bundle " + bundle.getSymbolicName() + " " + why).stream()).toList());
    }

    /** STARTING is the rest state of a bundle that starts when its first class is needed. */
    private Optional<String> inactive(Bundle bundle) {
        if (replaced(bundle)) {
            return Optional.empty();
        }
        boolean wanted = !fragment(bundle)
            && bundle.adapt(BundleStartLevel.class).getStartLevel() <= framework.adapt(FrameworkStartLevel.class).getStartLevel();
        return wanted && bundle.getState() != Bundle.ACTIVE && bundle.getState() != Bundle.STARTING
            ? Optional.of("does not start: " + faults.getOrDefault(bundle.getBundleId(), "unknown")) : Optional.empty();
    }

    /** Whether another version of it runs: it may be replaced as soon as the node can be reached, before the start is over. */
    private boolean replaced(Bundle bundle) {
        return Arrays.stream(framework.getBundleContext().getBundles()).anyMatch(other -> !other.equals(bundle)
            && other.getState() == Bundle.ACTIVE && Objects.equals(other.getSymbolicName(), bundle.getSymbolicName()));
    }

    private void requireForwarding() {
        Services services = services();
        Optional<Services.Start> start = services.started(readiness);
        if (start.isPresent()) {
            if (start.get().byConfiguration()) {
                deployed.excuse();
            }
            require(start.get().sentences().lines().toList());
            return;
        }
        List<String> lines = new ArrayList<>();
        lines.add("The appliance was not ready within " + readiness.within().toSeconds() + " s.");
        lines.addAll(services.unsatisfiedComponents());
        require(lines);
    }

    private void require(List<String> complaints) {
        if (complaints.isEmpty()) {
            return;
        }
        throw new LaunchException(ExitCode.FAILED, String.join(System.lineSeparator(), complaints));
    }

    /** What the start has to report. */
    List<Notice> notices() {
        return List.copyOf(notices);
    }

    /** What the bundles offer to the launcher; usable from the start on. */
    Services services() {
        return new Services(framework);
    }

    /**
     * Waits until the framework was stopped.
     *
     * @return the exit code
     */
    int serve() {
        try {
            boolean stopped = framework.waitForStop(0).getType() == FrameworkEvent.STOPPED;
            return lostLoop ? ExitCode.LOST_LOOP : stopped ? ExitCode.OK : ExitCode.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    /** A loop is lost: drains what still moves and stops, with an exit code of its own. Returns at once. */
    private void loseLoop() {
        lostLoop = true;
        stop();
    }

    /**
     * Drains and stops, once the bundles are started; returns at once. The framework does not survive a stop in the middle of its start. What
     * does not end in time is halted with the process.
     */
    void stop() {
        lastResort.arm();
        stopping = true;
        if (!running) {
            return;
        }
        try {
            framework.stop();
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    private void drainBeforeStop(BundleEvent event) {
        if (running && event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            lastResort.arm();
            services().drain();
        }
    }

    private void fault(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.ERROR) {
            faults.putIfAbsent(event.getBundle().getBundleId(), rootCause(event.getThrowable()));
        }
    }

    private static boolean fragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private static String rootCause(Throwable fault) {
        Throwable cause = fault;
        for (int depth = 0; depth < 16 && cause.getCause() != null; depth++) {
            cause = cause.getCause();
        }
        return cause instanceof BundleException ? String.valueOf(cause.getMessage()) : cause.toString();
    }
}
