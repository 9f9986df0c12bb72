// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.model.HostPattern;
import io.portunus.model.Hostnames;

/** The name a client asks for, checked and normalised: lower-case ASCII, one trailing dot taken off. */
sealed interface ServerName {
    /** A name that routes may be compared with. */
    record Good(String name) implements ServerName {
    }

    /** An address, which RFC 6066 §3 does not permit and clients send all the same: it counts as no name, and no route may match it. */
    record Address() implements ServerName {
    }

    /** No such name. */
    record Bad(ClientHelloFlaw flaw) implements ServerName {
    }

    /**
     * Reads a HostName of RFC 6066 §3. A trailing dot is forbidden there and yet sent; underscores are no host name's and yet in use, and
     * the target may well take them. Everything else outside letters, digits, hyphens and dots ends here, so it reaches no log.
     */
    static ServerName read(Octets octets) {
        if (octets.remaining() > HostPattern.MAX_NAME + 1) {
            return new Bad(ClientHelloFlaw.NAME_TOO_LONG);
        }
        StringBuilder text = new StringBuilder(octets.remaining());
        boolean strange = false;
        while (octets.remaining() > 0) {
            int octet = octets.u8();
            if (!allowed(octet) && !ofAddress(octet)) {
                return new Bad(ClientHelloFlaw.NAME_BYTE);
            }
            strange |= ofAddress(octet);
            text.append((char) (octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet));
        }
        int last = text.length() - 1;
        if (last >= 0 && text.charAt(last) == '.') {
            text.setLength(last);
        }
        String name = text.toString();
        if (Hostnames.isAddress(name)) {
            return new Address();
        }
        return strange ? new Bad(ClientHelloFlaw.NAME_BYTE) : check(name);
    }

    private static ServerName check(String name) {
        if (name.isEmpty()) {
            return new Bad(ClientHelloFlaw.EMPTY_NAME);
        }
        if (name.length() > HostPattern.MAX_NAME) {
            return new Bad(ClientHelloFlaw.NAME_TOO_LONG);
        }
        if (!labelsFit(name)) {
            return new Bad(ClientHelloFlaw.NAME_LABEL);
        }
        return Hostnames.looksLikeAddress(name) ? new Bad(ClientHelloFlaw.NAME_IS_NUMBER) : new Good(name);
    }

    /** Whether it stands in an IPv6 address only. */
    private static boolean ofAddress(int octet) {
        return octet == ':' || octet == '[' || octet == ']';
    }

    private static boolean labelsFit(String name) {
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || name.charAt(i) == '.') {
                if (i == start || i - start > HostPattern.MAX_LABEL) {
                    return false;
                }
                start = i + 1;
            }
        }
        return true;
    }

    private static boolean allowed(int octet) {
        return octet >= 'a' && octet <= 'z' || octet >= 'A' && octet <= 'Z' || octet >= '0' && octet <= '9'
                || octet == '-' || octet == '.' || octet == '_';
    }
}
