// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds who serves a path. There are few, so it looks at one after the other. Immutable. */
final class Router {
    /** The path of {@code OPTIONS *}, RFC 9110 §9.3.7. */
    private static final String ANY = "*";

    private final List<Entry> entries;
    /** The longest first. */
    private final List<Claim> prefixes;

    /** Takes claims of which no two have the same key. */
    Router(List<Claim> claims) {
        entries = claims.stream().filter(claim -> !claim.prefix()).map(claim -> new Entry(claim, claim.segments())).toList();
        prefixes = claims.stream().filter(Claim::prefix).sorted(Comparator.comparingInt((Claim c) -> c.template().length()).reversed()).toList();
    }

    /**
     * One that fits.
     *
     * @param claim who serves it
     * @param variables values of its braces
     */
    record Candidate(Claim claim, Map<String, String> variables) {
    }

    /** A claim and its template, cut. */
    private record Entry(Claim claim, List<String> segments) {
        Optional<Candidate> match(List<String> path) {
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
            return Optional.of(new Candidate(claim, variables));
        }
    }

    /**
     * Everybody who has the path, whatever the method. A word in a template goes before a brace that would take it too, and both before a
     * prefix.
     */
    List<Candidate> at(String path) {
        if (path.equals(ANY)) {
            return entries.stream().map(entry -> new Candidate(entry.claim(), Map.of())).toList();
        }
        List<String> segments = List.of(path.split("/", -1));
        List<Candidate> fitting = entries.stream().flatMap(e -> e.match(segments).stream()).toList();
        if (fitting.isEmpty()) {
            return below(path).stream().toList();
        }
        int fewest = fitting.stream().mapToInt(m -> m.variables().size()).min().orElse(0);
        return fitting.stream().filter(m -> m.variables().size() == fewest).toList();
    }

    private Optional<Candidate> below(String path) {
        return prefixes.stream().filter(claim -> (path + "/").startsWith(claim.template())).findFirst()
            .map(claim -> new Candidate(claim, path.startsWith(claim.template())
                ? Map.of(FileResource.REST, path.substring(claim.template().length())) : Map.of()));
    }

    /** The one of them that takes the method. */
    static Optional<Candidate> forMethod(List<Candidate> matches, String method) {
        String wanted = method.equals("HEAD") ? "GET" : method;
        return matches.stream().filter(m -> m.claim().method().equals(wanted)).findFirst();
    }

    /** Value of the header {@code Allow}. */
    static String allow(List<Candidate> matches) {
        TreeSet<String> methods = new TreeSet<>(Set.of("OPTIONS"));
        for (Candidate match : matches) {
            methods.add(match.claim().method());
            if (match.claim().method().equals("GET")) {
                methods.add("HEAD");
            }
        }
        return String.join(", ", methods);
    }

    /** Who serves the same on the same terms now, so that whoever passed for the one passes for the other. */
    Optional<Claim> successor(Claim gone) {
        return Stream.concat(claims().stream(), prefixes.stream())
            .filter(claim -> claim.key().equals(gone.key()) && claim.template().equals(gone.template()) && claim.terms().equals(gone.terms()))
            .findFirst();
    }

    /** What there is, in the order it came. */
    List<Claim> claims() {
        return entries.stream().map(Entry::claim).toList();
    }
}
