// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.view;

import java.io.IOException;
import java.util.Optional;

/**
 * A key that was pressed. Immutable.
 *
 * @param kind which
 * @param character the character of {@link Kind#CHARACTER}, else 0
 */
record Key(Kind kind, int character) {
    private static final int ESCAPE_CODE = 27;
    private static final int DELETE_CODE = 127;
    /** What follows an escape of the terminal comes at once; a person's next key does not. */
    private static final long SEQUENCE_MILLIS = 50;
    /** Longest escape sequence; what is longer is thrown away. */
    private static final int MAX_SEQUENCE = 16;

    /** Which key. */
    enum Kind { CHARACTER, UP, DOWN, LEFT, RIGHT, PAGE_UP, PAGE_DOWN, HOME, END, TAB, BACK_TAB, ENTER, ESCAPE, BACKSPACE, INTERRUPT, GONE, UNKNOWN }

    /** Characters of a terminal. */
    interface Source {
        /** The next character, -1 at the end, -2 when none came in time. */
        int read(long timeoutMillis) throws IOException;
    }

    static Key of(Kind kind) {
        return new Key(kind, 0);
    }

    static Key of(char character) {
        return new Key(Kind.CHARACTER, character);
    }

    /** The next key, if one is pressed in time. */
    static Optional<Key> read(Source source, long timeoutMillis) throws IOException {
        int first = source.read(timeoutMillis);
        if (first == -2) {
            return Optional.empty();
        }
        return Optional.of(switch (first) {
            case -1 -> of(Kind.GONE);
            case 3 -> of(Kind.INTERRUPT);
            case '\t' -> of(Kind.TAB);
            case '\r', '\n' -> of(Kind.ENTER);
            case '\b', DELETE_CODE -> of(Kind.BACKSPACE);
            case ESCAPE_CODE -> sequence(source);
            default -> first < ' ' ? of(Kind.UNKNOWN) : new Key(Kind.CHARACTER, first);
        });
    }

    /** ECMA-48 §5.4: after CSI or SS3, parameters and then one final character from {@code @} on. */
    private static Key sequence(Source source) throws IOException {
        int introducer = source.read(SEQUENCE_MILLIS);
        if (introducer < 0) {
            return of(Kind.ESCAPE);
        }
        if (introducer != '[' && introducer != 'O') {
            return of(Kind.UNKNOWN);
        }
        int parameter = 0;
        for (int i = 0; i < MAX_SEQUENCE; i++) {
            int next = source.read(SEQUENCE_MILLIS);
            if (next < 0 || next >= '@') {
                return ending(next, parameter);
            }
            parameter = next >= '0' && next <= '9' ? next : parameter;
        }
        return of(Kind.UNKNOWN);
    }

    private static Key ending(int last, int parameter) {
        return of(switch (last) {
            case 'A' -> Kind.UP;
            case 'B' -> Kind.DOWN;
            case 'C' -> Kind.RIGHT;
            case 'D' -> Kind.LEFT;
            case 'H' -> Kind.HOME;
            case 'F' -> Kind.END;
            case 'Z' -> Kind.BACK_TAB;
            case '~' -> switch (parameter) {
                case '1', '7' -> Kind.HOME;
                case '4', '8' -> Kind.END;
                case '5' -> Kind.PAGE_UP;
                case '6' -> Kind.PAGE_DOWN;
                default -> Kind.UNKNOWN;
            };
            default -> Kind.UNKNOWN;
        });
    }
}
