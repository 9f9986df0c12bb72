// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.flow.api.CloseReason;
import java.util.Map;
import java.util.Optional;

/** The alerts we send, with the numbers of RFC 8446 §6. They keep no secret: nothing is negotiated before the first ClientHello. */
enum Alert {
    /** A message or record that has no place here. */
    UNEXPECTED_MESSAGE(10),
    /** A record longer than 2^14 bytes. */
    RECORD_OVERFLOW(22),
    /** A field that is well formed and yet not allowed. */
    ILLEGAL_PARAMETER(47),
    /** The client is not let in. */
    ACCESS_DENIED(49),
    /** A field that cannot be read. */
    DECODE_ERROR(50),
    /** A version nobody speaks any more. */
    PROTOCOL_VERSION(70),
    /** The ClientHello was not to blame. */
    INTERNAL_ERROR(80),
    /** No rule has the name asked for (RFC 6066 §3). */
    UNRECOGNIZED_NAME(112);

    /** A record as clients of SSL 3.0 wrote it is answered in TLS 1.0, the oldest version that knows all these alerts. */
    private static final int OLDEST_VERSION = 0x0301;
    /** TLS 1.3 also writes 0x0303 on its records (RFC 8446 §5.1). */
    private static final int NEWEST_VERSION = 0x0303;
    private static final int CONTENT_TYPE = 21;
    private static final int LENGTH = 2;
    private static final int FATAL = 2;
    /** RFC 9000 §20.1: errors of TLS begin here, and the alert is added. */
    private static final int CRYPTO_ERROR = 0x100;
    /** A client that spoke TLS or QUIC hears of it also where it was not its ClientHello. */
    private static final Map<CloseReason, Alert> BY_REASON = Map.of(
        CloseReason.NO_MATCHING_NAME, UNRECOGNIZED_NAME, CloseReason.NO_NAME, UNRECOGNIZED_NAME,
        CloseReason.SOURCE_DENIED, ACCESS_DENIED,
        CloseReason.PEEK_TIMEOUT, INTERNAL_ERROR, CloseReason.PEEK_CAPACITY, INTERNAL_ERROR,
        CloseReason.BUFFERS_FULL, INTERNAL_ERROR);

    private final int number;

    Alert(int number) {
        this.number = number;
    }

    /** The one for a client that is refused and whose ClientHello is not to blame; empty where there is no word for the reason. */
    static Optional<Alert> of(CloseReason reason) {
        return Optional.ofNullable(BY_REASON.get(reason));
    }

    int number() {
        return number;
    }

    /** What it is as an error of a QUIC connection (RFC 9001 §4.8). */
    int connectionError() {
        return CRYPTO_ERROR + number;
    }

    /**
     * The fatal alert as one record.
     *
     * @param clientVersion version on the client's first record, brought into the range 0x0301 to 0x0303
     */
    byte[] record(int clientVersion) {
        int version = Math.clamp(clientVersion, OLDEST_VERSION, NEWEST_VERSION);
        return new byte[] {CONTENT_TYPE, (byte) (version >> 8), (byte) version, 0, LENGTH, FATAL, (byte) number};
    }
}
