// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * What has not ended when a stop takes too long: bundles, and what the threads do that stop them. Immutable.
 *
 * @param stopping bundles in the midst of their stop
 * @param active bundles whose turn has not come
 * @param stacks of the threads of the framework and the launcher, each from its inmost call
 */
record Unended(List<String> stopping, int active, List<String> stacks) {
    /** Of a stack, calls that are named. */
    private static final int FRAMES = 16;
    /** Threads that stop something: of the framework, the main thread, and those of signals. */
    private static final List<String> STOPPERS = List.of("Felix", "main", "SIG", "Shutdown", "DestroyJavaVM");

    Unended {
        stopping = List.copyOf(stopping);
        stacks = List.copyOf(stacks);
    }

    /** As it is now. */
    static Unended of(Bundle framework) {
        List<Bundle> bundles = Optional.ofNullable(framework.getBundleContext()).map(BundleContext::getBundles).map(List::of).orElse(List.of());
        return new Unended(
            in(bundles, state -> state == Bundle.STOPPING).map(bundle -> bundle.getSymbolicName() + " " + bundle.getVersion()).toList(),
            (int) in(bundles, state -> state == Bundle.ACTIVE).count(),
            Thread.getAllStackTraces().entrySet().stream().filter(each -> stops(each.getKey())).map(Unended::stack).sorted().toList());
    }

    private static String stack(Map.Entry<Thread, StackTraceElement[]> thread) {
        return thread.getKey().getName() + ": " + Arrays.stream(thread.getValue()).limit(FRAMES).map(StackTraceElement::toString)
            .collect(Collectors.joining(" < "));
    }

    private static Stream<Bundle> in(List<Bundle> bundles, IntPredicate states) {
        return bundles.stream().filter(bundle -> bundle.getBundleId() != 0 && states.test(bundle.getState()));
    }

    private static boolean stops(Thread thread) {
        return STOPPERS.stream().anyMatch(thread.getName()::startsWith);
    }

    /** In a sentence, to follow "did not end in time: ". */
    String sentence() {
        if (!stopping.isEmpty()) {
            return String.join(", ", stopping) + " does not stop";
        }
        return active > 0 ? active + " bundles have not been stopped" : "every bundle has stopped, and a hook of the JVM has not";
    }

    /** For the log. */
    Map<String, String> values() {
        return Map.of("bundles", String.join(", ", stopping), "stacks", String.join("; ", stacks));
    }
}
