// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.http;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads header lines and keeps the value of Host. Confined to one event loop. */
final class HostHeader {
    private static final String NAME = "host";
    /** What no host with its port is as long as; it bounds what is kept, and a longer one is kept in part and found to be none. */
    private static final int MAX_KEPT = 512;

    private Optional<String> value = Optional.empty();

    /** The value, without the blanks around it. */
    Optional<String> value() {
        return value;
    }

    /** Reads a line that is not empty, without its end; returns what is wrong with it. */
    Optional<HttpFlaw> line(ByteBuffer bytes, int from, int to) {
        if (bytes.get(from) == ' ' || bytes.get(from) == '\t') {
            return Optional.of(HttpFlaw.FOLDED);
        }
        int colon = from;
        while (colon < to && Fields.isNameByte(bytes.get(colon) & 0xff)) {
            colon++;
        }
        if (colon == from || colon == to || bytes.get(colon) != ':') {
            return Optional.of(HttpFlaw.NAME_BYTE);
        }
        for (int i = colon + 1; i < to; i++) {
            if (!Fields.isValueByte(bytes.get(i) & 0xff)) {
                return Optional.of(HttpFlaw.VALUE_BYTE);
            }
        }
        return isHost(bytes, from, colon) ? keep(bytes, colon + 1, to) : Optional.empty();
    }

    private static boolean isHost(ByteBuffer bytes, int from, int colon) {
        if (colon - from != NAME.length()) {
            return false;
        }
        for (int i = 0; i < NAME.length(); i++) {
            // Letters differ from their capitals by this bit, and no other byte of a name becomes one of these letters by it.
            if ((bytes.get(from + i) | 0x20) != NAME.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private Optional<HttpFlaw> keep(ByteBuffer bytes, int from, int to) {
        if (value.isPresent()) {
            return Optional.of(HttpFlaw.TWO_HOSTS);
        }
        int first = from;
        int last = to;
        while (first < last && isBlank(bytes.get(first))) {
            first++;
        }
        while (last > first && isBlank(bytes.get(last - 1))) {
            last--;
        }
        value = Optional.of(Fields.text(bytes, first, Math.min(last, first + MAX_KEPT)));
        return Optional.empty();
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }
}
