// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A clause of a manifest's header (OSGi Core §3.2.4), {@code name;name;attribute=value;directive:=value}. Immutable.
 *
 * @param names what stands in front
 * @param values of attributes, and of directives with a colon behind their names
 */
record Clause(List<String> names, Map<String, String> values) {
    Clause {
        names = List.copyOf(names);
        values = Map.copyOf(values);
    }

    /** The clauses of a header; one that is malformed has odd names, and the framework refuses it. */
    static List<Clause> parse(String header) {
        return split(header, ',').stream().map(Clause::of).filter(clause -> !clause.names().isEmpty()).toList();
    }

    private static Clause of(String text) {
        List<String> names = new ArrayList<>();
        Map<String, String> values = new HashMap<>();
        for (String part : split(text, ';')) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                names.add(part);
            } else {
                // A typed attribute, version:Version="1.0", keeps its type in its name.
                values.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip().replace("\"", ""));
            }
        }
        return new Clause(names, values);
    }

    /** Parts between separators that are not in quotes. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == separator && !quoted) {
                String part = text.substring(from, i).strip();
                if (!part.isEmpty()) {
                    parts.add(part);
                }
                from = i + 1;
            } else if (text.charAt(i) == '"') {
                quoted = !quoted;
            }
        }
        return parts;
    }
}
