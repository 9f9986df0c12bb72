// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line into words: blanks between them, {@code 'as it is'}, {@code "as it is"}, and a backslash before one character. What Gogo
 * makes more of (pipes, variables, closures) is refused: its language calls any method of any Java object, and this is no door to that.
 * Confined to one call.
 */
final class CommandLine {
    /** Longest line, in characters. */
    static final int MAX_LENGTH = 8 * 1024;
    private static final String GOGO = "|;&$(){}[]<>`=#";

    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean open;

    private CommandLine() {
    }

    /**
     * The words of a line.
     *
     * @throws IllegalArgumentException with a sentence if the line is more than words
     */
    static List<String> words(String line) {
        if (line.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a line has at most " + MAX_LENGTH + " characters");
        }
        CommandLine split = new CommandLine();
        for (int i = 0; i < line.length(); i++) {
            i = split.take(line, i);
        }
        split.end();
        return List.copyOf(split.words);
    }

    /** Takes the character there, or all that it quotes; returns the place of the last one taken. */
    private int take(String line, int at) {
        char c = line.charAt(at);
        if (c == '\'' || c == '"') {
            int close = line.indexOf(c, at + 1);
            if (close < 0) {
                throw new IllegalArgumentException("the quote " + c + " is not closed");
            }
            append(line.substring(at + 1, close));
            return close;
        }
        if (c == '\\' && at + 1 < line.length()) {
            append(line.substring(at + 1, at + 2));
            return at + 1;
        }
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            end();
        } else if (GOGO.indexOf(c) >= 0) {
            throw new IllegalArgumentException("over SSH a line is one command and its words; quote the character " + c + " if it belongs to a word");
        } else {
            append(String.valueOf(c));
        }
        return at;
    }

    private void append(String text) {
        open = true;
        word.append(text);
    }

    private void end() {
        if (open) {
            words.add(word.toString());
            word.setLength(0);
            open = false;
        }
    }
}
