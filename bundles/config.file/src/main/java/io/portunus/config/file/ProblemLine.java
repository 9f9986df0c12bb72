// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.model.Problem;

/** A problem of a file as one line for people and editors. */
final class ProblemLine {
    private ProblemLine() {
    }

    /** Renders {@code file:line:column: code: path: text}; parts that the problem does not have are left out. */
    static String of(String file, Problem problem) {
        StringBuilder line = new StringBuilder(file);
        problem.position().ifPresent(p -> line.append(':').append(p.line()).append(':').append(p.column()));
        return plain(line.append(": ").append(of(problem)));
    }

    /** Renders {@code code: path: text}. */
    static String of(Problem problem) {
        String path = problem.path().isEmpty() ? "" : problem.path() + ": ";
        return plain(problem.code().code() + ": " + path + problem.text());
    }

    /** The file's own words may hold control characters; none of them reaches a terminal, and a problem stays one line. */
    static String plain(CharSequence text) {
        StringBuilder plain = new StringBuilder(text);
        for (int i = 0; i < plain.length(); i++) {
            if (Character.isISOControl(plain.charAt(i))) {
                plain.setCharAt(i, '?');
            }
        }
        return plain.toString();
    }
}
