// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.ReadinessCheck;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.slf4j.Logger;

/**
 * Whether a component of ours does not run because it failed when it was made, as one does that refuses its configuration. The node goes on
 * without it, so this is what reports it. Thread-safe: one looks, and others are given what was seen last meanwhile.
 */
final class ComponentFailures implements ReadinessCheck {
    /** What is asked for more often than this is answered from memory. */
    private static final Duration LOOK_EACH = Duration.ofMillis(250);
    private static final String OURS = "io.portunus.";
    private static final String CAUSE = "Caused by: ";
    private final ServiceComponentRuntime runtime;
    private final Supplier<Bundle[]> bundles;
    private final InstantSource clock;
    private final Logger log;
    private final ReentrantLock looking = new ReentrantLock();
    /** Volatile: written by who looks, read by surfaces. Bounded by the components there are. */
    private volatile List<Failure> failures = List.of();
    private volatile Instant nextLook = Instant.MIN;

    /**
     * A component that failed.
     *
     * @param component its name
     * @param path the table of the configuration that it is typed by, or its name if it has none
     * @param trace why, as the runtime has it
     */
    private record Failure(String component, String path, String trace) {
        Problem problem() {
            return Problem.of(ProblemCode.COMPONENT_FAILED, path, "the component " + component + " does not run (" + cause(trace)
                + "); mend what it names, or install the release again");
        }

        /** The message of the last cause, or its class where it has none. */
        private static String cause(String trace) {
            String[] lines = trace.strip().split("\\R");
            String last = Arrays.stream(lines).filter(line -> line.startsWith(CAUSE)).reduce((_, later) -> later)
                .map(line -> line.substring(CAUSE.length())).orElse(lines[0]);
            int message = last.indexOf(": ");
            return message < 0 ? last : last.substring(message + 2);
        }
    }

    /**
     * A check.
     *
     * @param runtime knows the components
     * @param bundles those that are installed
     * @param log gets each failure once
     */
    ComponentFailures(ServiceComponentRuntime runtime, Supplier<Bundle[]> bundles, InstantSource clock, Logger log) {
        this.runtime = runtime;
        this.bundles = bundles;
        this.clock = clock;
        this.log = log;
    }

    @Override
    public String name() {
        return COMPONENTS;
    }

    @Override
    public List<Problem> problems() {
        if (!clock.instant().isBefore(nextLook)) {
            look();
        }
        return failures.stream().map(Failure::problem).toList();
    }

    /** Looks now, and logs what was not there before. */
    void look() {
        if (!looking.tryLock()) {
            return;
        }
        try {
            nextLook = clock.instant().plus(LOOK_EACH);
            List<Failure> before = failures;
            failures = found();
            failures.stream().filter(failure -> !before.contains(failure)).forEach(this::report);
        } finally {
            looking.unlock();
        }
    }

    private void report(Failure failure) {
        Problem problem = failure.problem();
        log.atError().addKeyValue("event", "component.failed").addKeyValue("component", failure.component()).addKeyValue("path", problem.path())
            .log(problem.text());
        log.atDebug().addKeyValue("event", "component.failed").addKeyValue("component", failure.component()).log(failure.trace());
    }

    private List<Failure> found() {
        Bundle[] ours = Arrays.stream(bundles.get()).filter(bundle -> String.valueOf(bundle.getSymbolicName()).startsWith(OURS))
            .toArray(Bundle[]::new);
        return runtime.getComponentDescriptionDTOs(ours).stream().flatMap(this::failed).distinct()
            .sorted(Comparator.comparing(Failure::component)).toList();
    }

    private Stream<Failure> failed(ComponentDescriptionDTO component) {
        return runtime.getComponentConfigurationDTOs(component).stream()
            .filter(configuration -> configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION)
            .map(configuration -> new Failure(component.name, path(component), String.valueOf(configuration.failure)));
    }

    private static String path(ComponentDescriptionDTO component) {
        return Arrays.stream(component.configurationPid).filter(pid -> pid.startsWith(OURS) && !pid.equals(component.name)).findFirst()
            .map(pid -> pid.substring(OURS.length())).orElse(component.name);
    }
}
