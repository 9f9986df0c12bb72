// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.FilterVerdict;

/** Everything for which a trusted peer is refused; the sections are those of HAProxy's proxy-protocol.txt. */
enum HeaderFlaw {
    /** Neither signature: section 2 has such a connection dropped. A header is never optional, or whoever omits it would be believed. */
    NO_HEADER("no PROXY header is at the beginning", ProxyReason.MISSING),
    /** Section 2.1 knows TCP only. */
    LINE_OF_DATAGRAM("a line stands before a datagram"),
    /** Section 2.1: 107 characters are the longest line, its CRLF included. */
    LONG_LINE("the line is longer than 107 bytes"),
    LINE_END("the line does not end in CRLF"),
    LINE_FIELDS("the line has not exactly a protocol, two addresses and two ports with single spaces between"),
    LINE_PROTOCOL("the line's protocol is none of TCP4, TCP6 and UNKNOWN"),
    LINE_ADDRESS("an address of the line is no literal of its protocol"),
    LINE_PORT("a port of the line is no number from 0 to 65535 without leading zeros"),
    /** Section 2.2: the highest four bits of byte 13 must be 2. */
    VERSION("the binary header is not of version 2"),
    /** Section 2.2: receivers must drop connections presenting unexpected values here. */
    COMMAND("the command is neither LOCAL nor PROXY"),
    FAMILY("the address family is unassigned"),
    TRANSPORT("the transport protocol is unassigned"),
    /** A datagram's header has no business in front of a stream. */
    DATAGRAM("the header is of a datagram"),
    /** Nor has a stream's in front of a datagram. */
    STREAM("the header is of a connection"),
    LONG_HEADER("the header is longer than 4096 bytes"),
    SHORT_ADDRESSES("the header is shorter than the addresses of its family"),
    TLV_OVERRUN("a TLV reaches beyond the header"),
    TOO_MANY_TLVS("the header has more than 128 TLVs"),
    /** Section 2.2.5: up to 128 bytes. */
    LONG_UNIQUE_ID("the unique id is longer than 128 bytes"),
    CHECKSUM_FORM("the checksum is not of 4 bytes, or there are two"),
    /** Section 2.2.3: the receiver must treat the connection as invalid. */
    CHECKSUM("the checksum is not that of the header");

    private final String phrase;
    private final CloseReason reason;

    HeaderFlaw(String phrase) {
        this(phrase, ProxyReason.MALFORMED);
    }

    HeaderFlaw(String phrase, CloseReason reason) {
        this.phrase = phrase;
        this.reason = reason;
    }

    FilterVerdict verdict() {
        return new FilterVerdict.No(reason, phrase);
    }
}
