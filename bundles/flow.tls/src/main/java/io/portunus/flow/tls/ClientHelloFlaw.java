// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Verdict;

/** Everything for which a ClientHello, or the prelude of a TCP connection, is refused. None of it is ever taken for a ClientHello without a name. */
enum ClientHelloFlaw implements HelloFlaw {
    /** Also the ClientHello in the form of SSL 2.0 (first bit set): it cannot carry a name, and nobody has sent one for a decade. */
    NOT_HANDSHAKE(Verdict.foreign(CloseReason.NOT_TLS, "the first byte is not that of a TLS handshake record"), Alert.UNEXPECTED_MESSAGE),
    /** The second byte; the third is the minor version, which is ignored as RFC 8446 §5.1 requires. */
    NOT_MAJOR_3(Verdict.foreign(CloseReason.NOT_TLS, "the first record is not of TLS"), Alert.PROTOCOL_VERSION),
    /** An alert, a change of cipher or data before the ClientHello was whole. */
    OTHER_RECORD(Verdict.flawed("another record interrupts the hello"), Alert.UNEXPECTED_MESSAGE),
    OTHER_VERSION(Verdict.flawed("a later record is not of TLS"), Alert.PROTOCOL_VERSION),
    /** RFC 8446 §5.1: no zero-length fragments of handshake types. */
    EMPTY_RECORD(Verdict.flawed("a handshake record is empty"), Alert.UNEXPECTED_MESSAGE),
    /** RFC 8446 §5.1: the length must not exceed 2^14 bytes. */
    LONG_RECORD(Verdict.flawed("a record is longer than 16384 bytes"), Alert.RECORD_OVERFLOW),
    NOT_A_CLIENT_HELLO(Verdict.flawed("the first handshake message is not a ClientHello"), Alert.UNEXPECTED_MESSAGE),
    LONG_CLIENT_HELLO(Verdict.flawed("the hello with its record headers is longer than 65536 bytes"), Alert.DECODE_ERROR),
    /** Includes a vector that is longer than what encloses it. */
    CUT_SHORT(Verdict.flawed("a field of the hello is cut short"), Alert.DECODE_ERROR),
    OLD_VERSION(Verdict.flawed("the hello asks for a version before SSL 3.0"), Alert.PROTOCOL_VERSION),
    LONG_SESSION_ID(Verdict.flawed("the session id is longer than 32 bytes"), Alert.DECODE_ERROR),
    CIPHER_SUITES(Verdict.flawed("the list of cipher suites is empty or of odd length"), Alert.DECODE_ERROR),
    NO_COMPRESSION(Verdict.flawed("the list of compression methods is empty"), Alert.DECODE_ERROR),
    TRAILING_BYTES(Verdict.flawed("bytes follow the extensions inside the hello"), Alert.DECODE_ERROR),
    /** RFC 8446 §4.2: not more than one extension of the same type; this includes two server_name extensions. */
    DUPLICATE_EXTENSION(Verdict.flawed("an extension is given twice"), Alert.ILLEGAL_PARAMETER),
    /** The list must fill its extension, and hold something (RFC 6066 §3). */
    NAME_LIST(Verdict.flawed("the list of server names does not fill its extension"), Alert.DECODE_ERROR),
    /** RFC 6066 §3: not more than one name of the same name_type. */
    DUPLICATE_NAME(Verdict.flawed("two server names of one type"), Alert.ILLEGAL_PARAMETER),
    EMPTY_NAME(Verdict.flawed("the server name is empty"), Alert.DECODE_ERROR),
    NAME_TOO_LONG(Verdict.flawed("the server name is longer than 253 bytes"), Alert.ILLEGAL_PARAMETER),
    NAME_LABEL(Verdict.flawed("a label of the server name is empty or longer than 63 bytes"), Alert.ILLEGAL_PARAMETER),
    NAME_BYTE(Verdict.flawed("a byte of the server name is no letter, digit, hyphen, underscore or dot"), Alert.ILLEGAL_PARAMETER),
    /** A last label of digits, as no host name has: some resolvers take it for an address, others do not. */
    NAME_IS_NUMBER(Verdict.flawed("the server name ends in a number and is no IP address"), Alert.ILLEGAL_PARAMETER),
    /** RFC 7301 §3.1: the list fills its extension, holds something, and no protocol name is empty. */
    ALPN_LIST(Verdict.flawed("the list of application protocols is malformed"), Alert.DECODE_ERROR);

    private final Verdict verdict;
    private final Alert alert;

    ClientHelloFlaw(Verdict verdict, Alert alert) {
        this.verdict = verdict;
        this.alert = alert;
    }

    Alert alert() {
        return alert;
    }

    @Override
    public Verdict verdict() {
        return verdict;
    }

    @Override
    public int connectionError() {
        return alert.connectionError();
    }
}
