// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Verdict;

/** Everything for which the datagrams of a client are refused before the hello in them can be read. */
enum QuicFlaw implements HelloFlaw {
    /** Short headers, version negotiation, other versions, and Handshake packets, of whose connection nobody here has seen the hello. */
    NOT_QUIC(Verdict.foreign("the datagram begins with no Initial packet of QUIC version 1 or 2"), 0),
    /** RFC 9000 §14.1: a client must expand datagrams with Initial packets to 1200 bytes. */
    SHORT_DATAGRAM(Verdict.foreign("a datagram with an Initial packet is shorter than 1200 bytes"), 0),
    /** Whatever looked like Initial packets was none, or was changed on its way. */
    NOTHING_OPENED(Verdict.foreign("no Initial packet of the client could be opened"), 0),
    MANY_DATAGRAMS(Verdict.flawed("the hello is not whole after as many datagrams as it may take"), QuicFlaw.CRYPTO_BUFFER_EXCEEDED),
    /** RFC 9000 §17.2. */
    RESERVED_BITS(Verdict.flawed("reserved bits of an Initial packet are set"), QuicFlaw.PROTOCOL_VIOLATION),
    /** RFC 9000 §12.4. */
    NO_FRAME(Verdict.flawed("an Initial packet has no frame"), QuicFlaw.PROTOCOL_VIOLATION),
    /** RFC 9000 §12.4, table 3: those that an Initial packet may have. */
    OTHER_FRAME(Verdict.flawed("an Initial packet has a frame that must not be there"), QuicFlaw.PROTOCOL_VIOLATION),
    FRAME_CUT_SHORT(Verdict.flawed("a frame of an Initial packet is cut short"), QuicFlaw.FRAME_ENCODING_ERROR),
    /** Whichever of both we took, the target might take the other. */
    BYTES_DIFFER(Verdict.flawed("two frames have different bytes of the hello at one place"), QuicFlaw.PROTOCOL_VIOLATION),
    LONG_HELLO(Verdict.flawed("the hello is longer than 16384 bytes"), QuicFlaw.CRYPTO_BUFFER_EXCEEDED),
    CLIENT_LEFT(Verdict.flawed(CloseReason.CLOSED_DURING_PEEK, "the client closed the connection before its hello was whole"), 0);

    private static final int FRAME_ENCODING_ERROR = 0x07;
    private static final int PROTOCOL_VIOLATION = 0x0a;
    private static final int CRYPTO_BUFFER_EXCEEDED = 0x0d;

    private final Verdict verdict;
    private final int connectionError;

    QuicFlaw(Verdict verdict, int connectionError) {
        this.verdict = verdict;
        this.connectionError = connectionError;
    }

    @Override
    public Verdict verdict() {
        return verdict;
    }

    @Override
    public int connectionError() {
        return connectionError;
    }
}
