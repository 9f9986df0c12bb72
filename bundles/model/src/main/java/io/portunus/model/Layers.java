// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What lies between the bytes of a rule's connections and their sockets, by kind: whoever serves the kind wraps each connection. No layer is
 * shipped yet, so nothing in the rule file sets any.
 *
 * @param downstream on the client's side, before a target is searched; empty when the client's bytes are taken as they come
 * @param upstream on the target's side, once it has taken its header; empty when it gets the bytes as they are
 */
public record Layers(Optional<String> downstream, Optional<String> upstream) {
    /** Sockets carry the bytes themselves. */
    public static final Layers NONE = new Layers(Optional.empty(), Optional.empty());

    /** The kinds, each side's own. */
    public Stream<String> kinds() {
        return Stream.concat(downstream.stream(), upstream.stream());
    }
}
