// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.postgres;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import java.nio.ByteBuffer;

/**
 * Looks at the length and the code of the first packet of a PostgreSQL client ("Message Formats" of its manual), eight bytes that state what
 * it is. What follows is the target's. Confined to one event loop.
 *
 * <pre>
 *  0       4       8
 *  +-------+-------+--------
 *  | length|  code | ...
 *  +-------+-------+--------
 * </pre>
 */
final class PostgresInspection implements Inspection {
    /** Longest packet that a server takes before it knows who asks, MAX_STARTUP_PACKET_LENGTH of its source. */
    static final int MAX_LENGTH = 10_000;

    private static final int HEADER = 8;
    /** In place of a version: a request. */
    private static final int REQUEST = 1234;
    private static final int CANCEL = 5678;
    private static final int TLS = 5679;
    private static final int GSS = 5680;
    /** With a key of 4 bytes, and since protocol 3.2 of up to 256. */
    private static final int SHORTEST_CANCEL = 16;
    private static final int LONGEST_CANCEL = 12 + 256;

    private static final Verdict POSTGRES = new Verdict.Recognised(Prelude.of(PostgresInspector.KIND));
    private static final byte[] NOTHING = {};

    private Verdict verdict = Verdict.MORE;
    private boolean recognised;
    private boolean cancels;

    @Override
    public Verdict inspect(ByteBuffer bytes) {
        if (verdict == Verdict.MORE) {
            verdict = judge(bytes);
        }
        return verdict;
    }

    /** Eight bytes at most: looking at all of them again is as cheap as to remember them. */
    private Verdict judge(ByteBuffer bytes) {
        int seen = Math.min(bytes.limit(), HEADER);
        int length = field(bytes, 0, 4);
        // What is missing counts as zero, so a length that is too large already stays too large.
        if (length > MAX_LENGTH || length < 0 || seen >= 4 && length < HEADER) {
            return PostgresFlaw.NOT_POSTGRES.verdict();
        }
        if (seen >= 5 && bytes.get(4) != 0 && bytes.get(4) != REQUEST >> Byte.SIZE) {
            return PostgresFlaw.CODE.verdict();
        }
        int major = field(bytes, 4, 2);
        if (seen >= 6 && major != 3 && major != REQUEST) {
            return PostgresFlaw.CODE.verdict();
        }
        if (seen < HEADER) {
            return Verdict.MORE;
        }
        return major == REQUEST ? request(field(bytes, 6, 2), length) : recognised();
    }

    private Verdict request(int code, int length) {
        cancels = code == CANCEL;
        if (!cancels && code != TLS && code != GSS) {
            return PostgresFlaw.CODE.verdict();
        }
        boolean fits = cancels ? length >= SHORTEST_CANCEL && length <= LONGEST_CANCEL : length == HEADER;
        Verdict known = recognised();
        return fits ? known : PostgresFlaw.LENGTH.verdict();
    }

    private Verdict recognised() {
        recognised = true;
        return POSTGRES;
    }

    private static int field(ByteBuffer bytes, int at, int width) {
        int value = 0;
        for (int i = at; i < at + width; i++) {
            value = value << Byte.SIZE | (i < bytes.limit() ? bytes.get(i) & 0xff : 0);
        }
        return value;
    }

    /**
     * An ErrorResponse, also where TLS or GSS was asked for: an {@code N} there would make a client with sslmode=prefer go on in clear text,
     * to a connection that is closed. Whoever cancels expects no answer.
     */
    @Override
    public byte[] refusal(CloseReason reason) {
        return recognised && !cancels ? ErrorResponse.of(reason) : NOTHING;
    }
}
