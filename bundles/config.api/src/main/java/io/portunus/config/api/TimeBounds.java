// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which times a key may have. Immutable.
 *
 * @param least shortest, as operators write it
 * @param most longest, as operators write it
 * @param orZero whether zero is allowed besides
 * @param wholeSeconds whether only whole seconds are, as the system counts in nothing finer
 */
public record TimeBounds(String least, String most, boolean orZero, boolean wholeSeconds) {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    /** Times from one to another, both included. */
    public static TimeBounds of(String least, String most) {
        return new TimeBounds(least, most, false, false);
    }

    /** The same and zero. */
    public TimeBounds withZero() {
        return new TimeBounds(least, most, true, wholeSeconds);
    }

    /** The same in whole seconds only. */
    public TimeBounds inSeconds() {
        return new TimeBounds(least, most, orZero, true);
    }

    /** Reads {@code "250ms"}, {@code "5s"}, {@code "2m"} or {@code "1h"}, at most nine digits; empty when the text is anything else. */
    public static Optional<Duration> parse(String text) {
        Matcher parts = TIME.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(parts.group(1));
        return Optional.of(switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        });
    }

    /** Whether a time is allowed. */
    public boolean contains(Duration time) {
        boolean within = time.compareTo(bound(least)) >= 0 && time.compareTo(bound(most)) <= 0 || orZero && time.isZero();
        return within && !(wholeSeconds && time.toMillisPart() != 0);
    }

    private static Duration bound(String text) {
        return parse(text).orElseThrow(() -> new AssertionError(text));
    }

    /** As a sentence has it: {@code "0s, or 1s to 720h"}. */
    @Override
    public String toString() {
        return (orZero ? "0s, or " : "") + least + " to " + most + (wholeSeconds ? " in whole seconds" : "");
    }
}
