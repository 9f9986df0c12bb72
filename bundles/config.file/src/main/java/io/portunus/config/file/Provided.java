// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import java.util.Arrays;
import java.util.List;

/** What a bundle adds to the node, as the header {@code Portunus-Provides} of its manifest declares it: {@code transport;kind=xnio}. Stateless. */
final class Provided {
    static final String HEADER = "Portunus-Provides";
    /** Role of who carries connections. */
    static final String TRANSPORT = "transport";
    private static final String KIND = "kind=";

    private Provided() {
    }

    /** The kinds of a role in the value of a header. */
    static List<String> kinds(String header, String role) {
        return Arrays.stream(header.split(",")).map(clause -> Arrays.stream(clause.split(";")).map(String::strip).toList())
            .filter(parts -> parts.getFirst().equals(role)).flatMap(List::stream).filter(part -> part.startsWith(KIND))
            .map(part -> part.substring(KIND.length()).replace("\"", "")).toList();
    }
}
