// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.model.Prelude;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Parses one whole ClientHello, from SSL 3.0 to TLS 1.3, to its last byte, and refuses what does not fit exactly: a lenient reader would
 * see another name than the target does. Extensions other than server_name and ALPN are skipped by length: GREASE, padding, tickets,
 * pre-shared keys, and ECH, of which only the presence is noted: the outer name is the one that routes. Used once; confined to one thread.
 *
 * <pre>
 * version (2) | random (32) | session id &lt;0..32&gt; (1) | cipher suites &lt;2..2^16-2&gt; (2) | compression &lt;1..255&gt; (1) | [extensions (2)]
 * </pre>
 */
final class ClientHelloParser {
    /** RFC 8446 §4.1.2: opaque legacy_session_id&lt;0..32&gt;. */
    static final int MAX_SESSION_ID = 32;

    private static final int SSL_3_0 = 0x0300;
    private static final int RANDOM = 32;
    private static final int SERVER_NAME = 0;
    private static final int ALPN = 16;
    /** RFC 9849 §5: encrypted_client_hello; also sent as GREASE, which nobody but the target can distinguish from the real one (§6.2). */
    private static final int ENCRYPTED_CLIENT_HELLO = 0xfe0d;
    private static final int HOST_NAME = 0;

    private Optional<ClientHelloFlaw> flaw = Optional.empty();
    private Optional<String> serverName = Optional.empty();
    private List<String> alpn = List.of();
    private boolean echOffered;

    /**
     * Reads the ClientHello.
     *
     * @param clientHello the message without its handshake header
     * @return what is wrong with it; empty when it is good
     */
    Optional<ClientHelloFlaw> parse(Octets clientHello) {
        if (readFixedPart(clientHello) && clientHello.remaining() > 0) {
            // Only before TLS 1.3 may the block be absent (RFC 5246 §7.4.1.2): such a client names no host.
            Octets extensions = clientHello.vector16();
            if (clientHello.broken()) {
                refuse(ClientHelloFlaw.CUT_SHORT);
            } else if (!clientHello.spent()) {
                refuse(ClientHelloFlaw.TRAILING_BYTES);
            } else {
                readExtensions(extensions);
            }
        }
        return flaw;
    }

    /**
     * What was learned; meaningful when {@link #parse} found no flaw.
     *
     * @param kind of what carried the ClientHello
     */
    Prelude prelude(String kind) {
        return new Prelude(kind, serverName, alpn, echOffered);
    }

    private boolean readFixedPart(Octets clientHello) {
        int version = clientHello.u16();
        clientHello.skip(RANDOM);
        Octets sessionId = clientHello.vector8();
        Octets cipherSuites = clientHello.vector16();
        Octets compression = clientHello.vector8();
        if (clientHello.broken()) {
            return refuse(ClientHelloFlaw.CUT_SHORT);
        }
        if (version < SSL_3_0) {
            return refuse(ClientHelloFlaw.OLD_VERSION);
        }
        if (sessionId.remaining() > MAX_SESSION_ID) {
            return refuse(ClientHelloFlaw.LONG_SESSION_ID);
        }
        if (cipherSuites.remaining() == 0 || cipherSuites.remaining() % 2 != 0) {
            return refuse(ClientHelloFlaw.CIPHER_SUITES);
        }
        return compression.remaining() > 0 || refuse(ClientHelloFlaw.NO_COMPRESSION);
    }

    private boolean readExtensions(Octets extensions) {
        // 8 KiB at most, and one step an extension: a ClientHello of 64 KiB may hold 16,000 of them.
        BitSet seen = new BitSet();
        while (extensions.remaining() > 0) {
            int type = extensions.u16();
            Octets data = extensions.vector16();
            if (extensions.broken()) {
                return refuse(ClientHelloFlaw.CUT_SHORT);
            }
            if (seen.get(type)) {
                return refuse(ClientHelloFlaw.DUPLICATE_EXTENSION);
            }
            seen.set(type);
            echOffered |= type == ENCRYPTED_CLIENT_HELLO;
            if (type == SERVER_NAME && !readServerNames(data) || type == ALPN && !readAlpn(data)) {
                return false;
            }
        }
        return true;
    }

    private boolean readServerNames(Octets data) {
        Octets list = data.vector16();
        if (!data.spent() || list.remaining() == 0) {
            return refuse(ClientHelloFlaw.NAME_LIST);
        }
        BitSet seen = new BitSet();
        while (list.remaining() > 0) {
            int type = list.u8();
            // Names of other types also begin with a length of two bytes (RFC 6066 §3), so a stranger in front hides nothing.
            Octets name = list.vector16();
            if (list.broken()) {
                return refuse(ClientHelloFlaw.CUT_SHORT);
            }
            if (seen.get(type)) {
                return refuse(ClientHelloFlaw.DUPLICATE_NAME);
            }
            seen.set(type);
            if (type == HOST_NAME && !take(ServerName.read(name))) {
                return false;
            }
        }
        return true;
    }

    private boolean take(ServerName name) {
        return switch (name) {
            case ServerName.Bad bad -> refuse(bad.flaw());
            case ServerName.Address address -> true;
            case ServerName.Good good -> {
                serverName = Optional.of(good.name());
                yield true;
            }
        };
    }

    private boolean readAlpn(Octets data) {
        Optional<List<String>> protocols = Alpn.read(data);
        alpn = protocols.orElse(List.of());
        return protocols.isPresent() || refuse(ClientHelloFlaw.ALPN_LIST);
    }

    private boolean refuse(ClientHelloFlaw found) {
        flaw = Optional.of(found);
        return false;
    }
}
