// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of bytes, and of bytes a second, as operators write them: {@code "10MiB/s"}, {@code "80Mbit/s"}, {@code "64KiB"}. Stateless. */
public final class Rate {
    /** Fits a file's echo; no amount is longer. */
    private static final int MAX_TEXT = 32;
    private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([kKMGT]i?)?(B|bit)(/s)?");
    private static final Map<String, BigDecimal> FACTORS = Map.of("k", power(1000, 1), "K", power(1000, 1), "M", power(1000, 2),
        "G", power(1000, 3), "T", power(1000, 4), "Ki", power(1024, 1), "Mi", power(1024, 2), "Gi", power(1024, 3), "Ti", power(1024, 4));
    private static final BigDecimal BITS = BigDecimal.valueOf(Byte.SIZE);

    private Rate() {
    }

    private static BigDecimal power(long base, int exponent) {
        return BigDecimal.valueOf(base).pow(exponent);
    }

    /** Bytes a second; empty if it is written in another way, or is beyond a {@code long}. */
    public static Optional<Long> perSecond(String text) {
        return read(text, true);
    }

    /** Bytes; empty if they are written in another way, or are beyond a {@code long}. */
    public static Optional<Long> bytes(String text) {
        return read(text, false);
    }

    /** The decimal multiples are powers of 1,000, those with an i are powers of 1,024; what is left of a byte is dropped. */
    private static Optional<Long> read(String text, boolean perSecond) {
        Matcher form = FORM.matcher(text);
        if (text.length() > MAX_TEXT || !form.matches() || (form.group(4) != null) != perSecond) {
            return Optional.empty();
        }
        BigDecimal factor = form.group(2) == null ? BigDecimal.ONE : FACTORS.get(form.group(2));
        if (factor == null) {
            return Optional.empty();
        }
        BigDecimal units = new BigDecimal(form.group(1)).multiply(factor);
        BigInteger whole = (form.group(3).equals("bit") ? units.divide(BITS, 0, RoundingMode.DOWN) : units).toBigInteger();
        return whole.bitLength() < Long.SIZE ? Optional.of(whole.longValue()) : Optional.empty();
    }
}
