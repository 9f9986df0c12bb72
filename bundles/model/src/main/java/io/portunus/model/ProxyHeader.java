// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.Set;

/**
 * The PROXY protocol header that a target requires (HAProxy's proxy-protocol.txt).
 *
 * @param version text or binary
 * @param tlvs what the binary header declares beyond the addresses; empty for the text one
 * @param passOn whether TLVs of a header that the client's side brought are passed on, unless this node writes the same itself
 */
public record ProxyHeader(Version version, Set<Tlv> tlvs, boolean passOn) {
    /** Form of the header. */
    public enum Version {
        /** One line of text. */
        V1,
        /** Binary. */
        V2
    }

    /** A type-length-value of the binary header. */
    public enum Tlv {
        /** Name that the client asked for, {@code PP2_TYPE_AUTHORITY}. */
        AUTHORITY,
        /** First application protocol that the client offered, {@code PP2_TYPE_ALPN}. */
        ALPN,
        /** Number of the flow, {@code PP2_TYPE_UNIQUE_ID}. */
        UNIQUE_ID,
        /** What is known of the client's TLS, {@code PP2_TYPE_SSL}. */
        SSL,
        /** Checksum of the header, {@code PP2_TYPE_CRC32C}. */
        CRC32C
    }

    /** Copies the set. */
    public ProxyHeader {
        tlvs = Set.copyOf(tlvs);
    }

    /** A header of the version that declares the addresses and nothing else. */
    public static ProxyHeader of(Version version) {
        return new ProxyHeader(version, Set.of(), false);
    }
}
