// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Reads the list of application protocols (RFC 7301 §3.1). */
final class Alpn {
    /** Protocols shown of one ClientHello. A list may be longer and is checked to its end, but the record of a flow stays small. */
    static final int MAX_SHOWN = 64;

    private Alpn() {
    }

    /**
     * The protocols in the client's order, at most {@link #MAX_SHOWN}. Names are bytes: what is not printable ASCII is shown as {@code \xNN},
     * a backslash too.
     *
     * @param data the whole extension data
     * @return empty when the list is malformed
     */
    static Optional<List<String>> read(Octets data) {
        Octets list = data.vector16();
        if (!data.spent() || list.remaining() == 0) {
            return Optional.empty();
        }
        List<String> protocols = new ArrayList<>();
        while (list.remaining() > 0) {
            Octets name = list.vector8();
            if (list.broken() || name.remaining() == 0) {
                return Optional.empty();
            }
            if (protocols.size() < MAX_SHOWN) {
                protocols.add(printable(name));
            }
        }
        return Optional.of(protocols);
    }

    private static String printable(Octets name) {
        StringBuilder text = new StringBuilder(name.remaining());
        while (name.remaining() > 0) {
            int octet = name.u8();
            if (octet > ' ' && octet < 0x7f && octet != '\\') {
                text.append((char) octet);
            } else {
                text.append("\\x").append(HexFormat.of().toHexDigits((byte) octet));
            }
        }
        return text.toString();
    }
}
