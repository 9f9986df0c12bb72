// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * What a PROXY header declared of a connection. Immutable.
 *
 * @param addresses the ends of the connection that was made there; empty when it was made by the sender of the header itself, as for a health check
 * @param tlvs what else was declared, in its order
 */
public record DeclaredOrigin(Optional<Addresses> addresses, List<Tlv> tlvs) {
    /** Copies the list. */
    public DeclaredOrigin {
        tlvs = List.copyOf(tlvs);
    }

    /**
     * A type-length-value of the PROXY protocol's binary header.
     *
     * @param type its type, 0 to 255
     * @param value its value, read-only; each call gives a view of its own
     */
    public record Tlv(int type, ByteBuffer value) {
        /** Makes a read-only view; the bytes below must not change any more. */
        public Tlv {
            value = value.asReadOnlyBuffer();
        }

        @Override
        public ByteBuffer value() {
            return value.duplicate();
        }
    }
}
