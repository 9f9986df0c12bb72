// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.FilterVerdict;
import io.portunus.flow.spi.Filtering;
import io.portunus.model.Protocol;
import java.nio.ByteBuffer;

/**
 * Looks for a PROXY header of either version. The answer depends on the bytes only, never on how they were cut: a flaw is reported with the
 * first byte that shows it. Keeps nothing between two looks, since a look costs little: the text header is at most 107 bytes, and of a
 * binary one that is not whole only the first 16 are read. Before a datagram stands one of version 2 only.
 */
final class HeaderIn implements Filtering {
    private final Protocol protocol;

    /** Of a client of this protocol. */
    HeaderIn(Protocol protocol) {
        this.protocol = protocol;
    }

    @Override
    public FilterVerdict filter(ByteBuffer bytes) {
        if (agrees(bytes, TextHeader.SIGNATURE)) {
            return bytes.limit() < TextHeader.SIGNATURE.length ? FilterVerdict.MORE : text(bytes);
        }
        if (agrees(bytes, BinaryHeader.SIGNATURE)) {
            return bytes.limit() < BinaryHeader.SIGNATURE.length ? FilterVerdict.MORE : BinaryReader.read(bytes, protocol);
        }
        return HeaderFlaw.NO_HEADER.verdict();
    }

    private FilterVerdict text(ByteBuffer bytes) {
        return switch (protocol) {
            case TCP -> TextHeader.read(bytes);
            case UDP -> HeaderFlaw.LINE_OF_DATAGRAM.verdict();
        };
    }

    @Override
    public CloseReason late() {
        return ProxyReason.LATE;
    }

    @Override
    public CloseReason tooLong() {
        return ProxyReason.MALFORMED;
    }

    /** Whether the bytes so far may become the signature, or begin with it. */
    private static boolean agrees(ByteBuffer bytes, byte[] signature) {
        int length = Math.min(bytes.limit(), signature.length);
        for (int at = 0; at < length; at++) {
            if (bytes.get(at) != signature[at]) {
                return false;
            }
        }
        return true;
    }
}
