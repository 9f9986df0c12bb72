// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses written as text. Immutable: it has no state. */
final class Literals {
    /** Four numbers; the JDK would take {@code "1.2.3"} for 1.2.0.3 too. */
    private static final Pattern FOUR_NUMBERS = Pattern.compile("(\\d{1,3}\\.){3}\\d{1,3}");

    private Literals() {
    }

    static Optional<InetAddress> address(String text) {
        if (text.indexOf(':') < 0 && !FOUR_NUMBERS.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
