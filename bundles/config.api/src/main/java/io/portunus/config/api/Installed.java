// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

import java.util.Set;

/**
 * What the bundles of a node bring that tables may name. Immutable.
 *
 * @param kinds kinds of protocol that are recognised
 * @param policies kinds of the policies
 */
public record Installed(Set<String> kinds, Set<String> policies) {
    /** Copies the sets. */
    public Installed {
        kinds = Set.copyOf(kinds);
        policies = Set.copyOf(policies);
    }
}
