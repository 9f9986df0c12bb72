// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.model.Hostnames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The ClientHello by which a probe finds out whether somebody answers, RFC 8446 §4.1.2: TLS 1.3 down to 1.0, the usual suites, an
 * X25519 share. The handshake ends with the ServerHello, so that no certificate is judged and a server that asks for one of the client
 * is content. Stateless.
 */
final class ClientHelloProbe {
    /** Bytes before a record: type, version, length. */
    static final int HEADER = 5;
    /** Bytes of an alert: level, description. */
    static final int ALERT_BYTES = 2;
    /** RFC 8446 §6.1: alerts user_canceled and close_notify, which mean that nothing is wrong. */
    static final byte[] GOODBYE = {21, 3, 3, 0, 2, 1, 90, 21, 3, 3, 0, 2, 1, 0};

    private static final int MAX_RECORD = 16384 + 2048;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int SERVER_HELLO = 2;
    private static final int WARNING = 1;
    private static final int RANDOM = 32;
    /** More than the longest name and all else need. */
    private static final int CAPACITY = 1024;
    private static final short[] SUITES = {0x1301, 0x1302, 0x1303, (short) 0xc02b, (short) 0xc02f, (short) 0xc02c, (short) 0xc030,
        (short) 0xcca9, (short) 0xcca8, (short) 0xc009, (short) 0xc013, (short) 0xc00a, (short) 0xc014, 0x009c, 0x009d, 0x002f, 0x0035};
    /** Extensions that are always the same, each with type and length. */
    private static final byte[] FIXED = {
        0, 10, 0, 10, 0, 8, 0, 29, 0, 23, 0, 24, 0, 25, // supported_groups: x25519, secp256r1, secp384r1, secp521r1
        0, 11, 0, 2, 1, 0, // ec_point_formats: uncompressed
        0, 13, 0, 22, 0, 20, 4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 5, 1, 8, 6, 6, 1, 2, 1, 2, 3, // signature_algorithms: ECDSA, PSS, PKCS#1
        0, 23, 0, 0, // extended_main_secret
        (byte) 0xff, 1, 0, 1, 0, // renegotiation_info
        0, 43, 0, 9, 8, 3, 4, 3, 3, 3, 2, 3, 1, // supported_versions: 1.3, 1.2, 1.1, 1.0
        0, 45, 0, 2, 1, 1, // psk_key_exchange_modes
    };

    private ClientHelloProbe() {
    }

    /**
     * A record with the ClientHello.
     *
     * @param name server name to ask for; none if it is empty or an address (RFC 6066 §3)
     */
    static byte[] record(String name, RandomGenerator chance) {
        ByteBuffer out = ByteBuffer.allocate(CAPACITY);
        out.put((byte) HANDSHAKE).putShort((short) 0x0301).putShort((short) 0);
        out.put((byte) 1).put((byte) 0).putShort((short) 0);
        int body = out.position();
        out.putShort((short) 0x0303).put(drawn(chance)).put((byte) RANDOM).put(drawn(chance));
        out.putShort((short) (2 * SUITES.length));
        for (short suite : SUITES) {
            out.putShort(suite);
        }
        out.put((byte) 1).put((byte) 0);
        int extensions = out.position();
        out.putShort((short) 0);
        if (Hostnames.isName(name)) {
            byte[] host = name.getBytes(StandardCharsets.US_ASCII);
            out.putShort((short) 0).putShort((short) (host.length + 5)).putShort((short) (host.length + 3)).put((byte) 0)
                .putShort((short) host.length).put(host);
        }
        out.put(FIXED);
        // key_share: any 32 bytes are a point of X25519 (RFC 7748 §5), and the handshake does not get as far as to need its secret.
        out.putShort((short) 51).putShort((short) (RANDOM + 6)).putShort((short) (RANDOM + 4)).putShort((short) 29).putShort((short) RANDOM)
            .put(drawn(chance));
        out.putShort(extensions, (short) (out.position() - extensions - 2));
        out.putShort(HEADER + 2, (short) (out.position() - body));
        out.putShort(HEADER - 2, (short) (out.position() - HEADER));
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] drawn(RandomGenerator chance) {
        byte[] bytes = new byte[RANDOM];
        chance.nextBytes(bytes);
        return bytes;
    }

    /** Length of the record after a header; 0 if it is none of a handshake's beginning. */
    static int length(byte[] header) {
        int length = (header[3] & 0xff) << 8 | header[4] & 0xff;
        boolean known = (header[0] == HANDSHAKE || header[0] == ALERT) && header[1] == 3;
        return known && length <= MAX_RECORD ? length : 0;
    }

    /** Whether a record begins with a ServerHello; a request to try again is one too (RFC 8446 §4.1.4). */
    static boolean isServerHello(byte[] header, byte[] start) {
        return header[0] == HANDSHAKE && start[0] == SERVER_HELLO;
    }

    /** Whether a record is an alert after which the handshake goes on. */
    static boolean isWarning(byte[] header, byte[] start) {
        return header[0] == ALERT && length(header) == ALERT_BYTES && start.length == ALERT_BYTES && start[0] == WARNING && start[1] != 0;
    }
}
