// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Problem;
import io.portunus.model.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Whether the node's own surfaces can move to where a file wants them, asked before anything is changed: a surface that cannot be bound
 * would leave the node without it. Stateless.
 */
final class SurfaceChecks {
    private SurfaceChecks() {
    }

    /**
     * What is wrong with the new addresses; those that the node holds itself are its own to give, and those that the file does not name may
     * be any other.
     *
     * @param spare whether a surface whose port the file did not name before has this one
     */
    static List<Problem> check(ParsedConfig before, ConfigOutcome.Valid after, Predicate<ListenAddress> spare) {
        Map<String, ListenAddress> held = surfaces(before, false);
        List<Problem> problems = new ArrayList<>();
        surfaces(after.config(), false).forEach((path, listen) -> {
            if (!listen.equals(held.get(path)) && held.values().stream().noneMatch(listen::collides) && !byRule(before, listen.port())
                && !spare.test(listen)) {
                PortProbe.problem(path, listen).map(p -> Optional.ofNullable(after.places().get(path)).map(p::at).orElse(p)).ifPresent(problems::add);
            }
        });
        return problems;
    }

    /** Addresses that the surfaces leave. */
    static List<ListenAddress> left(ParsedConfig before, ParsedConfig after) {
        return surfaces(before, true).values().stream().filter(a -> !surfaces(after, true).containsValue(a)).toList();
    }

    private static Map<String, ListenAddress> surfaces(ParsedConfig config, boolean unnamed) {
        Map<String, ListenAddress> surfaces = new TreeMap<>();
        config.settings().surfaces().stream().filter(surface -> unnamed || surface.named())
            .forEach(surface -> surfaces.put(surface.path(), surface.listen()));
        return surfaces;
    }

    private static boolean byRule(ParsedConfig config, int port) {
        return config.rules().rules().stream().filter(Rule::enabled).anyMatch(r -> r.listen().stream().anyMatch(range -> range.contains(port)));
    }
}
