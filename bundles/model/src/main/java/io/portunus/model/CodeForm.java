// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.regex.Pattern;

/**
 * The form of codes that operators and programs see, and of the sentences behind them. Whoever defines a value with a code checks it here, so that
 * none breaks a metric's label, a JSON field or a column of the shell. Stateless.
 */
public final class CodeForm {
    /** Longest code; it stands in every access record and in labels of metrics. */
    public static final int MAX_CODE = 64;
    /** Longest sentence; it is a line of the reference. */
    public static final int MAX_SENTENCE = 300;

    private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*");

    private CodeForm() {
    }

    /**
     * A code as it may be: words of lower-case letters and digits, joined by underscores, a letter first. A dot may separate the name of whoever
     * defines it from the rest, as in {@code "acme.too_fast"}.
     *
     * @throws IllegalArgumentException if it is of another form, or longer than {@value #MAX_CODE} characters
     */
    public static String code(String code) {
        if (code.length() > MAX_CODE || !CODE.matcher(code).matches()) {
            throw new IllegalArgumentException("a code has at most " + MAX_CODE
                + " lower-case letters, digits, underscores and dots, a letter first, unlike '" + code + "'");
        }
        return code;
    }

    /**
     * A sentence as it may be: not empty, with a full stop behind it.
     *
     * @throws IllegalArgumentException if it is of another form, or longer than {@value #MAX_SENTENCE} characters
     */
    public static String sentence(String sentence) {
        if (sentence.isBlank() || sentence.length() > MAX_SENTENCE || !sentence.endsWith(".")) {
            throw new IllegalArgumentException("a code has one sentence of at most " + MAX_SENTENCE + " characters, with a full stop");
        }
        return sentence;
    }
}
