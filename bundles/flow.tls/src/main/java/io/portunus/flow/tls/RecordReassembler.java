// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.flow.spi.Inspection;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Follows the records to the end of the first handshake message, however it is cut into records and however the records are cut into
 * segments, and joins its fragments then: until it is whole, nobody but the connection keeps its bytes. What it finds depends on the bytes in
 * their order only, never on how many come at once. Confined to one thread.
 *
 * <pre>
 * record     | type 22 | 3 | minor | length (2) | fragment, 1 to 2^14 bytes ...
 * handshake  | type 1  | length (3)             | ClientHello ...               over as many fragments as it takes
 * </pre>
 */
final class RecordReassembler {
    /** RFC 8446 §5.1: the length of a plaintext record must not exceed 2^14 bytes. */
    static final int MAX_RECORD = 1 << 14;
    /** Most that is looked at, record headers included: what the engine keeps of a connection before it is routed. */
    static final int MAX_BYTES = Inspection.MAX_BYTES;
    static final int RECORD_HEADER = 5;
    static final int HANDSHAKE_HEADER = 4;

    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;

    /** How far it is. */
    enum State {
        MORE, WHOLE, FLAWED
    }

    private State state = State.MORE;
    private Optional<ClientHelloFlaw> flaw = Optional.empty();
    /** Bytes of the connection looked at so far. */
    private int at;
    private int headerBytes;
    private int recordLength;
    private int recordLeft;
    private int minor;
    private boolean headerSeen;
    /** The header of the message. */
    private final byte[] start = new byte[HANDSHAKE_HEADER];
    /** Bytes of the message seen so far. */
    private int length;
    private int wanted = HANDSHAKE_HEADER;

    /** Looks at the bytes after those it has seen; absolute gets leave position and limit alone. */
    State advance(ByteBuffer bytes) {
        int limit = Math.min(bytes.limit(), MAX_BYTES);
        while (state == State.MORE && at < limit) {
            if (recordLeft > 0) {
                takeFragment(bytes, limit);
            } else {
                takeHeaderByte(bytes.get(at++) & 0xff);
            }
        }
        if (state == State.MORE && at == MAX_BYTES) {
            refuse(ClientHelloFlaw.LONG_CLIENT_HELLO);
        }
        return state;
    }

    /** Why it refuses; empty unless {@link State#FLAWED}. */
    Optional<ClientHelloFlaw> flaw() {
        return flaw;
    }

    /** Version on the first record. */
    int version() {
        return 0x0300 | minor;
    }

    /** Whether the client began with a whole record header of TLS, and so understands an alert. */
    boolean headerSeen() {
        return headerSeen;
    }

    /** The ClientHello without its handshake header, once {@link State#WHOLE}, out of the bytes that were looked at; a copy. */
    Octets clientHello(ByteBuffer bytes) {
        byte[] message = new byte[length];
        int joined = 0;
        for (int next = 0; joined < length;) {
            int fragment = Math.min((bytes.get(next + 3) & 0xff) << 8 | bytes.get(next + 4) & 0xff, length - joined);
            next += RECORD_HEADER;
            bytes.get(next, message, joined, fragment);
            joined += fragment;
            next += fragment;
        }
        return new Octets(message, HANDSHAKE_HEADER, length);
    }

    private void takeHeaderByte(int octet) {
        switch (headerBytes++) {
            case 0 -> expect(octet == HANDSHAKE, ClientHelloFlaw.NOT_HANDSHAKE, ClientHelloFlaw.OTHER_RECORD);
            case 1 -> expect(octet == 3, ClientHelloFlaw.NOT_MAJOR_3, ClientHelloFlaw.OTHER_VERSION);
            case 2 -> minor = headerSeen ? minor : octet;
            case 3 -> recordLength = octet << 8;
            default -> beginFragment(recordLength | octet);
        }
    }

    private void expect(boolean holds, ClientHelloFlaw inFirstRecord, ClientHelloFlaw later) {
        if (!holds) {
            refuse(headerSeen ? later : inFirstRecord);
        }
    }

    private void beginFragment(int fragment) {
        headerSeen = true;
        headerBytes = 0;
        recordLeft = fragment;
        if (fragment == 0) {
            refuse(ClientHelloFlaw.EMPTY_RECORD);
        } else if (fragment > MAX_RECORD) {
            refuse(ClientHelloFlaw.LONG_RECORD);
        }
    }

    private void takeFragment(ByteBuffer bytes, int limit) {
        int count = Math.min(Math.min(recordLeft, limit - at), wanted - length);
        if (length < HANDSHAKE_HEADER) {
            bytes.get(at, start, length, count);
        }
        at += count;
        recordLeft -= count;
        length += count;
        if (start[0] != CLIENT_HELLO) {
            refuse(ClientHelloFlaw.NOT_A_CLIENT_HELLO);
        } else if (length == wanted) {
            reachedWanted();
        }
    }

    private void reachedWanted() {
        if (wanted == HANDSHAKE_HEADER) {
            wanted += (start[1] & 0xff) << 16 | (start[2] & 0xff) << 8 | start[3] & 0xff;
        }
        if (wanted > MAX_BYTES - RECORD_HEADER) {
            refuse(ClientHelloFlaw.LONG_CLIENT_HELLO);
        } else if (length == wanted) {
            // Bytes that follow, in this record or in others, belong to the target; nobody looks at them.
            state = State.WHOLE;
        }
    }

    private void refuse(ClientHelloFlaw found) {
        state = State.FLAWED;
        flaw = Optional.of(found);
    }
}
