// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as operators write them. Stateless. */
final class ByteCount {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})(|KiB|MiB|GiB)");

    private ByteCount() {
    }

    /** Reads {@code "0"}, {@code "512KiB"}, {@code "64MiB"} or {@code "1GiB"}, at most nine digits; empty when the text is anything else. */
    static Optional<Long> parse(String text) {
        Matcher parts = SIZE.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(parts.group(1));
        return Optional.of(switch (parts.group(2)) {
            case "KiB" -> number << 10;
            case "MiB" -> number << 20;
            case "GiB" -> number << 30;
            default -> number;
        });
    }

    /** A size as operators write it. */
    static String text(long bytes) {
        if (bytes != 0 && bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "GiB";
        }
        if (bytes != 0 && bytes % (1L << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        return bytes != 0 && bytes % (1L << 10) == 0 ? (bytes >> 10) + "KiB" : Long.toString(bytes);
    }
}
