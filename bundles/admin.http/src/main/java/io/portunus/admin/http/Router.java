// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the resource of a path. There are few, so it looks at one after the other. Immutable. */
final class Router {
    /** The path of {@code OPTIONS *}, RFC 9110 §9.3.7. */
    private static final String ANY = "*";

    private final List<Entry> entries;

    Router(List<Resource> resources) {
        entries = resources.stream().map(r -> new Entry(r, List.of(r.template().split("/", -1)))).toList();
    }

    /**
     * A resource that fits.
     *
     * @param resource the resource
     * @param variables values of its braces
     */
    record Match(Resource resource, Map<String, String> variables) {
    }

    /** A resource and its template, cut. */
    private record Entry(Resource resource, List<String> segments) {
        Optional<Match> match(List<String> path) {
            if (path.size() != segments.size()) {
                return Optional.empty();
            }
            Map<String, String> variables = new HashMap<>();
            for (int i = 0; i < path.size(); i++) {
                String segment = segments.get(i);
                if (segment.startsWith("{") && !path.get(i).isEmpty()) {
                    variables.put(segment.substring(1, segment.length() - 1), path.get(i));
                } else if (!segment.equals(path.get(i))) {
                    return Optional.empty();
                }
            }
            return Optional.of(new Match(resource, variables));
        }
    }

    /** Every resource that has the path, whatever its method. A word in a template goes before a brace that would take it too. */
    List<Match> at(String path) {
        if (path.equals(ANY)) {
            return entries.stream().map(entry -> new Match(entry.resource(), Map.of())).toList();
        }
        List<String> segments = List.of(path.split("/", -1));
        List<Match> fitting = entries.stream().flatMap(e -> e.match(segments).stream()).toList();
        int fewest = fitting.stream().mapToInt(m -> m.variables().size()).min().orElse(0);
        return fitting.stream().filter(m -> m.variables().size() == fewest).toList();
    }

    /** The one of them that takes the method. */
    static Optional<Match> forMethod(List<Match> matches, String method) {
        String wanted = method.equals("HEAD") ? "GET" : method;
        return matches.stream().filter(m -> m.resource().method().equals(wanted)).findFirst();
    }

    /** Value of the header {@code Allow}. */
    static String allow(List<Match> matches) {
        TreeSet<String> methods = new TreeSet<>(Set.of("OPTIONS"));
        for (Match match : matches) {
            methods.add(match.resource().method());
            if (match.resource().method().equals("GET")) {
                methods.add("HEAD");
            }
        }
        return String.join(", ", methods);
    }
}
