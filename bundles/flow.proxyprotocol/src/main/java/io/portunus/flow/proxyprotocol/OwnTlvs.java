// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.HeaderFacts;
import io.portunus.model.Prelude;
import io.portunus.model.ProxyHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes the TLVs that a target uses of what this node knows itself; what it does not know is left out. Immutable. */
final class OwnTlvs {
    /**
     * The client speaks TLS ({@code PP2_CLIENT_SSL}), and {@code verify} is not zero: nobody here saw a certificate of it.
     *
     * <p>This node passes TLS through and ends none. The bit states no more than what is true and useful: "the client connected over
     * SSL/TLS", with this very target. Without it a target would read that the client came in clear. Section 2.2.6 puts the version beside
     * the bit, and may have the cipher; both are agreed upon later, between client and target, so that any value here would be made up.
     */
    private static final byte[] TLS_PASSED_THROUGH = {0x01, 0, 0, 0, 1};
    /** How an inspector shows a byte of a protocol name that is not printable: {@code \x0a}. */
    private static final Pattern ESCAPE = Pattern.compile("\\\\x([0-9a-f]{2})");

    private final long node;

    /**
     * For one node.
     *
     * @param node number that no other node has, most probably
     */
    OwnTlvs(long node) {
        this.node = node;
    }

    /** The TLVs, but for the checksum. */
    List<DeclaredOrigin.Tlv> of(HeaderFacts facts, Set<ProxyHeader.Tlv> wanted) {
        List<DeclaredOrigin.Tlv> tlvs = new ArrayList<>();
        // In the order of the enumeration, so that equal facts make equal headers.
        for (ProxyHeader.Tlv tlv : ProxyHeader.Tlv.values()) {
            if (wanted.contains(tlv)) {
                of(tlv, facts).ifPresent(tlvs::add);
            }
        }
        return tlvs;
    }

    private Optional<DeclaredOrigin.Tlv> of(ProxyHeader.Tlv tlv, HeaderFacts facts) {
        Prelude prelude = facts.prelude();
        return switch (tlv) {
            case AUTHORITY -> prelude.serverName().map(name -> tlv(BinaryHeader.TYPE_AUTHORITY, name.getBytes(StandardCharsets.UTF_8)));
            case ALPN -> prelude.alpn().stream().map(OwnTlvs::bytes).filter(name -> !grease(name)).findFirst()
                .map(name -> tlv(BinaryHeader.TYPE_ALPN, name));
            case UNIQUE_ID -> Optional.of(tlv(BinaryHeader.TYPE_UNIQUE_ID, uniqueId(facts.flow())));
            case SSL -> Stream.of(prelude.kind()).filter(Prelude.TLS::equals).findFirst().map(kind -> tlv(BinaryHeader.TYPE_SSL, TLS_PASSED_THROUGH));
            case CRC32C -> Optional.empty();
        };
    }

    /** As text, though any 128 bytes would do: receivers put it into logs and headers as it is. */
    private byte[] uniqueId(long flow) {
        HexFormat hex = HexFormat.of();
        return (hex.toHexDigits(node) + hex.toHexDigits(flow)).getBytes(StandardCharsets.US_ASCII);
    }

    /** The bytes of a protocol name as the client sent them. */
    private static byte[] bytes(String shown) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(shown.length());
        Matcher escape = ESCAPE.matcher(shown);
        int at = 0;
        while (escape.find()) {
            bytes.writeBytes(shown.substring(at, escape.start()).getBytes(StandardCharsets.UTF_8));
            bytes.write(HexFormat.fromHexDigits(escape.group(1)));
            at = escape.end();
        }
        bytes.writeBytes(shown.substring(at).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    /** RFC 8701 §2: names of two equal bytes that end in hexadecimal A are no protocols. */
    private static boolean grease(byte[] name) {
        return name.length == 2 && name[0] == name[1] && (name[0] & 0xf) == 0xa;
    }

    private static DeclaredOrigin.Tlv tlv(int type, byte[] value) {
        return new DeclaredOrigin.Tlv(type, ByteBuffer.wrap(value));
    }
}
