// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

import io.portunus.model.Cidr;

/** Values that are written alike in several tables. What is refused is refused with a sentence for the operator. Stateless. */
public final class TomlForms {
    private TomlForms() {
    }

    /**
     * Reads a block of addresses.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Cidr block(String text) {
        return Cidr.parse(text).orElseThrow(() -> new IllegalArgumentException(TomlSection.echo(text)
            + " is no block of addresses; write an address, or one and the bits that count, as in 10.0.0.0/8, where the others are zero"));
    }

    /** What a reader said who refused. */
    public static String sentence(IllegalArgumentException refusal) {
        return String.valueOf(refusal.getMessage());
    }
}
