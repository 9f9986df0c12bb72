// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.ProviderView.Role;
import java.util.Optional;

/**
 * Which transport carries a listener. Immutable.
 *
 * @param serving who is there
 * @param wanted name that the configuration gives; {@link #AUTO} for whatever is best
 */
record Transports(Serving serving, String wanted) {
    /** No name in particular. */
    static final String AUTO = "auto";
    /** The one for a listener whose rules name one, or none; empty while nothing is running. What is named and not there is left to others. */
    Optional<Provider> of(Optional<String> named) {
        return named.flatMap(this::called).or(() -> called(wanted)).or(this::base);
    }

    /** The one where nobody names a transport: that of the highest {@code service.ranking}. */
    Optional<Provider> base() {
        return serving.first(Role.TRANSPORT);
    }

    private Optional<Provider> called(String name) {
        return serving.of(new Post(Role.TRANSPORT, name));
    }
}
