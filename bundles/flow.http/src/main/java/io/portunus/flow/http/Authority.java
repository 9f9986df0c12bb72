// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.http;

import io.portunus.model.HostPattern;
import io.portunus.model.Hostnames;
import io.portunus.model.IpLiterals;
import java.util.Locale;
import java.util.Optional;

/** Whom a request is for (RFC 9110 §7.2): a name that routes may be compared with, none, or nothing that could be one. */
sealed interface Authority {
    /** A name, checked and normalised: lower-case ASCII, no port, one trailing dot taken off. */
    record Name(String text) implements Authority {
    }

    /** None was asked for, or an address, which no route may match. */
    record Nameless() implements Authority {
    }

    /** No such thing. */
    record Bad() implements Authority {
    }

    /** The authority of a target in absolute form, if it has one; everything else is in origin, authority or asterisk form. */
    static Optional<String> ofTarget(String target) {
        int scheme = target.indexOf("://");
        boolean absolute = scheme > 0 && target.substring(0, scheme).chars()
            .allMatch(c -> c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.');
        if (!absolute) {
            return Optional.empty();
        }
        int from = scheme + 3;
        int to = from;
        while (to < target.length() && "/?#".indexOf(target.charAt(to)) < 0) {
            to++;
        }
        // RFC 9110 §4.2.1: without a host such a target is invalid; nothing is no host, and neither is what holds an at-sign.
        return Optional.of(to == from ? "@" : target.substring(from, to));
    }

    /** Reads a host with or without a port. An underscore is no host name's and yet in use, and the target may well take it. */
    static Authority read(String text) {
        if (text.isEmpty()) {
            return new Nameless();
        }
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            boolean address = close > 0 && isPort(text.substring(close + 1)) && text.indexOf('%') < 0
                && text.indexOf(':') < close && IpLiterals.parse(text.substring(1, close)).isPresent();
            return address ? new Nameless() : new Bad();
        }
        int colon = text.indexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        if (!isPort(text.substring(host.length()))) {
            return new Bad();
        }
        String name = (host.endsWith(".") ? host.substring(0, host.length() - 1) : host).toLowerCase(Locale.ROOT);
        if (IpLiterals.parse(name).isPresent()) {
            return new Nameless();
        }
        return isName(name) ? new Name(name) : new Bad();
    }

    /** Whether it is nothing, or a colon and at most five digits; RFC 3986 §3.2.3 lets the digits be missing. */
    private static boolean isPort(String text) {
        return text.isEmpty() || text.charAt(0) == ':' && text.length() <= 6 && text.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isName(String name) {
        if (name.isEmpty() || name.length() > HostPattern.MAX_NAME || Hostnames.looksLikeAddress(name)) {
            return false;
        }
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || name.charAt(i) == '.') {
                if (i == start || i - start > HostPattern.MAX_LABEL) {
                    return false;
                }
                start = i + 1;
            } else if (!isNameCharacter(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNameCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_';
    }
}
