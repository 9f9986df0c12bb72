// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Problem;
import io.portunus.model.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whether the node's own surfaces can move to where a file wants them, asked before anything is changed: a surface that cannot be bound
 * would leave the node without it. Stateless.
 */
final class SurfaceChecks {
    private SurfaceChecks() {
    }

    /** What is wrong with the new addresses; those that the node holds itself are its own to give. */
    static List<Problem> check(ParsedConfig before, ConfigOutcome.Valid after) {
        Map<String, ListenAddress> held = surfaces(before);
        List<Problem> problems = new ArrayList<>();
        surfaces(after.config()).forEach((path, listen) -> {
            if (!listen.equals(held.get(path)) && held.values().stream().noneMatch(listen::collides) && !byRule(before, listen.port())) {
                PortProbe.problem(path, listen).map(p -> Optional.ofNullable(after.places().get(path)).map(p::at).orElse(p)).ifPresent(problems::add);
            }
        });
        return problems;
    }

    /** Addresses that the surfaces leave. */
    static List<ListenAddress> left(ParsedConfig before, ParsedConfig after) {
        return surfaces(before).values().stream().filter(a -> !surfaces(after).containsValue(a)).toList();
    }

    private static Map<String, ListenAddress> surfaces(ParsedConfig config) {
        Map<String, ListenAddress> surfaces = new TreeMap<>();
        surfaces.put("admin.listen", config.admin().listen());
        config.shell().ifPresent(s -> surfaces.put("shell.listen", s.listen()));
        return surfaces;
    }

    private static boolean byRule(ParsedConfig config, int port) {
        return config.rules().rules().stream().filter(Rule::enabled).anyMatch(r -> r.listen().stream().anyMatch(range -> range.contains(port)));
    }
}
