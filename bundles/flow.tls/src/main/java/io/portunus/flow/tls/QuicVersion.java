// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The versions of QUIC whose Initial packets are read, and what they differ in before the hello is whole. Immutable. */
enum QuicVersion {
    /** RFC 9000 §17.2; the salt and the labels of RFC 9001 §5.2 and §5.1. */
    V1(0x00000001, "38762cf7f55934b34d179ae6a4c80cadccbb7f0a", "quic ", 0, 1),
    /** RFC 9369 §3.2; the salt and the labels of its §3.3. */
    V2(0x6b3343cf, "0dede3def700a6db819381be6e269dcbf9bd2ed9", "quicv2 ", 1, 2);

    private final int number;
    private final String salt;
    private final String labels;
    private final int initial;
    private final int zeroRtt;

    QuicVersion(int number, String salt, String labels, int initial, int zeroRtt) {
        this.number = number;
        this.salt = salt;
        this.labels = labels;
        this.initial = initial;
        this.zeroRtt = zeroRtt;
    }

    /** The version with that number in its long headers; 0, which negotiates one, is none. */
    static Optional<QuicVersion> of(int number) {
        return Arrays.stream(values()).filter(version -> version.number == number).findFirst();
    }

    int number() {
        return number;
    }

    /** Salt of the secrets of Initial packets. */
    byte[] salt() {
        return HexFormat.of().parseHex(salt);
    }

    /** What stands before "key", "iv" and "hp" in the labels of its keys. */
    String labels() {
        return labels;
    }

    /** The type of Initial packets in a long header. */
    int initial() {
        return initial;
    }

    /** The type of 0-RTT packets in a long header. */
    int zeroRtt() {
        return zeroRtt;
    }
}
