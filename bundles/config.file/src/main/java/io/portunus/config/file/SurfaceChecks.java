// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Whether the node's own surfaces can move to where a file puts them, asked before anything is changed: a surface that cannot be bound
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
    static List<Problem> check(Config before, Reading.Good after, Predicate<ListenAddress> spare) {
        Map<String, ListenAddress> held = surfaces(before, false);
        List<Problem> problems = new ArrayList<>();
        surfaces(after.config(), false).forEach((path, listen) -> {
            if (!listen.equals(held.get(path)) && held.values().stream().noneMatch(listen::collides) && !byTable(before, listen)
                && !spare.test(listen)) {
                PortProbe.problem(path, listen).map(p -> Optional.ofNullable(after.places().get(path)).map(p::at).orElse(p)).ifPresent(problems::add);
            }
        });
        return problems;
    }

    /** Addresses that the surfaces leave. */
    static List<ListenAddress> left(Config before, Config after) {
        return surfaces(before, true).values().stream().filter(a -> !surfaces(after, true).containsValue(a)).toList();
    }

    private static Map<String, ListenAddress> surfaces(Config config, boolean unnamed) {
        Map<String, ListenAddress> surfaces = new TreeMap<>();
        config.settings().surfaces().stream().filter(surface -> unnamed || surface.named())
            .forEach(surface -> surfaces.put(surface.path(), surface.listen()));
        return surfaces;
    }

    /** What is in force may be what has the address now. */
    private static boolean byTable(Config config, ListenAddress address) {
        return config.tables().values().stream().anyMatch(tables -> tables.listenOn(address.socket()));
    }
}
