// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.api;

import java.util.Set;

/**
 * Who makes a request, as an {@link Authenticator} found. Immutable.
 *
 * @param name who it is: a user, a token's name; shown to operators and never a secret
 * @param kind what it is: {@code token}, {@code user}, or a word of the authenticator's own
 * @param everyRight whether it may do whatever there is, also what bundles bring later
 * @param rights what it may do; of no meaning beside {@code everyRight}
 */
public record Principal(String name, String kind, boolean everyRight, Set<Right> rights) {
    /** A principal with a set of rights of its own. */
    public Principal {
        rights = Set.copyOf(rights);
    }

    /** One that may do some things. */
    public static Principal of(String name, String kind, Set<Right> rights) {
        return new Principal(name, kind, false, rights);
    }

    /** One that may do everything. */
    public static Principal withEveryRight(String name, String kind) {
        return new Principal(name, kind, true, Set.of());
    }

    /** Whether it may do this. */
    public boolean holds(Right right) {
        return everyRight || rights.contains(right);
    }
}
