// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import java.time.Duration;
import java.util.Locale;

/** Byte counts and durations for people. */
final class Amounts {
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Amounts() {
    }

    /** {@code "512 B"}, {@code "1.5 MiB"}. */
    static String bytes(long count) {
        if (count < 1024) {
            return count + " B";
        }
        double value = count;
        int unit = -1;
        // 1023.95 would be printed as 1024.0.
        while (value >= 1023.95 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, UNITS[Math.max(unit, 0)]);
    }

    /** The two largest units: {@code "350ms"}, {@code "12.3s"}, {@code "5m03s"}, {@code "2h05m"}, {@code "3d04h"}. */
    static String age(Duration age) {
        long seconds = age.toSeconds();
        if (age.isNegative() || seconds == 0) {
            return Math.max(0, age.toMillis()) + "ms";
        }
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%d.%ds", seconds, age.toMillisPart() / 100);
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60);
        }
        if (seconds < 86_400) {
            return String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds / 60 % 60);
        }
        return String.format(Locale.ROOT, "%dd%02dh", seconds / 86_400, seconds / 3600 % 24);
    }
}
