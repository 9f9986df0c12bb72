// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.api;

import java.util.regex.Pattern;

/**
 * What a caller must be allowed to do, by name: {@code rules.read}, {@code bundles.change}. Whoever owns the thing owns its rights, as
 * constants beside its resources; there is no list of all. Immutable.
 *
 * @param name two words or more with dots between them, of lower-case letters, digits and underscores, {@value #MAX_NAME} characters at most
 */
public record Right(String name) {
    /** Longest name. */
    public static final int MAX_NAME = 64;

    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+");

    /**
     * A right of that name.
     *
     * @throws IllegalArgumentException if the name has another form
     */
    public Right {
        if (name.length() > MAX_NAME || !FORM.matcher(name).matches()) {
            throw new IllegalArgumentException("a right is words with dots between them, as rules.read: " + name);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
