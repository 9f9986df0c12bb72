// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.stream.IntStream;

/**
 * Ports {@code first} to {@code last}, both included.
 *
 * @param first lowest port, 1..65535
 * @param last highest port, {@code first}..65535
 */
public record PortRange(int first, int last) {
    /** Highest port number there is (RFC 9293 §3.1). */
    public static final int MAX_PORT = 65535;

    /** Refuses a range that is empty or leaves 1..65535. */
    public PortRange {
        if (first < 1 || last > MAX_PORT || first > last) {
            throw new IllegalArgumentException("not a port range: " + first + "-" + last);
        }
    }

    /** A range of one port. */
    public static PortRange of(int port) {
        return new PortRange(port, port);
    }

    /**
     * Reads {@code "443"} or {@code "8000-8010"}.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    public static PortRange parse(String text) {
        int dash = text.indexOf('-');
        int first = port(dash < 0 ? text : text.substring(0, dash));
        int last = dash < 0 ? first : port(text.substring(dash + 1));
        if (first > last) {
            throw new IllegalArgumentException("the range '" + text + "' ends before it starts");
        }
        return new PortRange(first, last);
    }

    private static int port(String text) {
        String digits = text.strip();
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("'" + digits + "' is not a port; a port is a whole number from 1 to 65535");
        }
        int port = Integer.parseInt(digits);
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port " + port + " is outside 1 to 65535");
        }
        return port;
    }

    /** How many ports the range has. */
    public int width() {
        return last - first + 1;
    }

    /** Whether the range has the port. */
    public boolean contains(int port) {
        return port >= first && port <= last;
    }

    /** Each port, lowest first. */
    public IntStream ports() {
        return IntStream.rangeClosed(first, last);
    }

    /** Its text at the end of what the caller has. */
    StringBuilder append(StringBuilder text) {
        return first == last ? text.append(first) : text.append(first).append('-').append(last);
    }

    @Override
    public String toString() {
        return append(new StringBuilder()).toString();
    }
}
