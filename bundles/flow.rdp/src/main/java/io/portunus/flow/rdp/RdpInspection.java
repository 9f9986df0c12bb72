// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.rdp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import java.nio.ByteBuffer;

/**
 * Looks for the connection request that an RDP client sends first, MS-RDPBCGR §2.2.1.1: a TPKT (RFC 1006 §6) with a connection request of
 * X.224, and in that a cookie or routing token, a negotiation, a correlation, each of which may be missing. Confined to one event loop.
 *
 * <pre>
 *  0   1   2       4   5   6       8      10  11
 *  +---+---+-------+---+---+-------+-------+---+-----
 *  | 3 | 0 | length| n |E0 | 0   0 | source| 0 | ...     n = length - 5
 *  +---+---+-------+---+---+-------+-------+---+-----
 * </pre>
 */
final class RdpInspection implements Inspection {
    /** X.224 counts the bytes of a request in one, of which 255 is reserved (§13.2.1); TPKT adds five. */
    static final int MAX_LENGTH = 254 + 5;

    private static final int HEADER = 11;
    private static final int NEGOTIATION = 1;
    private static final int NEGOTIATION_LENGTH = 8;
    private static final int CORRELATION = 6;
    private static final int CORRELATION_LENGTH = 36;

    private static final Verdict RDP = new Verdict.Recognised(Prelude.of(RdpInspector.KIND));
    private static final byte[] NOTHING = {};

    private Verdict verdict = Verdict.MORE;
    private int seen;
    private int length;

    @Override
    public Verdict inspect(ByteBuffer bytes) {
        while (verdict == Verdict.MORE && seen < bytes.limit()) {
            verdict = next(bytes.get(seen) & 0xff);
            seen++;
            if (verdict == Verdict.MORE && seen >= HEADER && seen == length) {
                verdict = body(bytes);
            }
        }
        return verdict;
    }

    private Verdict next(int octet) {
        boolean good = switch (seen) {
            case 0 -> octet == 3;
            case 1, 6, 7, 10 -> octet == 0;
            case 2 -> octet <= MAX_LENGTH >> Byte.SIZE;
            case 3 -> octet + (length << Byte.SIZE) >= HEADER && octet + (length << Byte.SIZE) <= MAX_LENGTH;
            case 4 -> octet == length - 5;
            case 5 -> octet == 0xe0;
            // The first byte of what may follow: text, or one of two types.
            case HEADER -> octet >= ' ' && octet < 0x7f || octet == NEGOTIATION || octet == CORRELATION;
            default -> true;
        };
        if (seen == 2 || seen == 3) {
            length = length << Byte.SIZE | octet;
        }
        return good ? Verdict.MORE : seen == HEADER ? RdpFlaw.OTHER_ISO.verdict() : RdpFlaw.NOT_RDP.verdict();
    }

    private Verdict body(ByteBuffer bytes) {
        int at = HEADER;
        if (at < length && bytes.get(at) >= ' ') {
            at = behindLine(bytes, at);
        }
        at = behind(bytes, at, NEGOTIATION, NEGOTIATION_LENGTH);
        at = behind(bytes, at, CORRELATION, CORRELATION_LENGTH);
        return at == length ? RDP : RdpFlaw.FORM.verdict();
    }

    /** The place behind the cookie or token, whose text is no name that could be routed by: it is a user or a session. */
    private int behindLine(ByteBuffer bytes, int from) {
        for (int i = from; i + 1 < length; i++) {
            if (bytes.get(i) == '\r' && bytes.get(i + 1) == '\n') {
                return i + 2;
            }
        }
        return from;
    }

    private int behind(ByteBuffer bytes, int at, int type, int size) {
        boolean there = at + size <= length && bytes.get(at) == type && bytes.get(at + 2) == size && bytes.get(at + 3) == 0;
        return there ? at + size : at;
    }

    /** A refused negotiation would only make the client try again with less security; so nothing is sent. */
    @Override
    public byte[] refusal(CloseReason reason) {
        return NOTHING;
    }
}
