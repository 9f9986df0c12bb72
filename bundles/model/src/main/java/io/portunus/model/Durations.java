// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Times as operators write them in a command or a request. */
public final class Durations {
    private Durations() {
    }

    /** Reads {@code "30s"}, {@code "5m"} or {@code "2h"}, at most six digits; empty when the text is anything else. */
    public static Optional<Duration> parse(String text) {
        return text.matches("[0-9]{1,6}[smh]") ? Optional.of(Duration.parse("PT" + text.toUpperCase(Locale.ROOT))) : Optional.empty();
    }
}
