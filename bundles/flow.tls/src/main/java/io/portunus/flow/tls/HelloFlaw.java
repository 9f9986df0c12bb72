// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Verdict;

/** Everything for which the first bytes of a connection are refused. None of it is ever taken for a hello without a name. */
enum HelloFlaw {
    /** Also the hello in the form of SSL 2.0 (first bit set): it cannot carry a name, and nobody has sent one for a decade. */
    NOT_HANDSHAKE("the first byte is not that of a TLS handshake record", CloseReason.NOT_TLS, Alert.UNEXPECTED_MESSAGE),
    /** The second byte; the third is the minor version, which RFC 8446 §5.1 wants ignored. */
    NOT_MAJOR_3("the first record is not of TLS", CloseReason.NOT_TLS, Alert.PROTOCOL_VERSION),
    /** An alert, a change of cipher or data before the hello was whole. */
    OTHER_RECORD("another record interrupts the hello", Alert.UNEXPECTED_MESSAGE),
    OTHER_VERSION("a later record is not of TLS", Alert.PROTOCOL_VERSION),
    /** RFC 8446 §5.1: no zero-length fragments of handshake types. */
    EMPTY_RECORD("a handshake record is empty", Alert.UNEXPECTED_MESSAGE),
    /** RFC 8446 §5.1: the length must not exceed 2^14 bytes. */
    LONG_RECORD("a record is longer than 16384 bytes", Alert.RECORD_OVERFLOW),
    NOT_A_HELLO("the first handshake message is not a ClientHello", Alert.UNEXPECTED_MESSAGE),
    LONG_HELLO("the hello with its record headers is longer than 65536 bytes", Alert.DECODE_ERROR),
    /** Includes a vector that is longer than what encloses it. */
    CUT_SHORT("a field of the hello is cut short", Alert.DECODE_ERROR),
    OLD_VERSION("the hello asks for a version before SSL 3.0", Alert.PROTOCOL_VERSION),
    LONG_SESSION_ID("the session id is longer than 32 bytes", Alert.DECODE_ERROR),
    CIPHER_SUITES("the list of cipher suites is empty or of odd length", Alert.DECODE_ERROR),
    NO_COMPRESSION("the list of compression methods is empty", Alert.DECODE_ERROR),
    TRAILING_BYTES("bytes follow the extensions inside the hello", Alert.DECODE_ERROR),
    /** RFC 8446 §4.2: not more than one extension of the same type; this includes two server_name extensions. */
    DUPLICATE_EXTENSION("an extension is given twice", Alert.ILLEGAL_PARAMETER),
    /** The list must fill its extension, and hold something (RFC 6066 §3). */
    NAME_LIST("the list of server names does not fill its extension", Alert.DECODE_ERROR),
    /** RFC 6066 §3: not more than one name of the same name_type. */
    DUPLICATE_NAME("two server names of one type", Alert.ILLEGAL_PARAMETER),
    EMPTY_NAME("the server name is empty", Alert.DECODE_ERROR),
    NAME_TOO_LONG("the server name is longer than 253 bytes", Alert.ILLEGAL_PARAMETER),
    NAME_LABEL("a label of the server name is empty or longer than 63 bytes", Alert.ILLEGAL_PARAMETER),
    NAME_BYTE("a byte of the server name is no letter, digit, hyphen, underscore or dot", Alert.ILLEGAL_PARAMETER),
    /** A last label of digits, as no host name has: some resolvers take it for an address, others do not. */
    NAME_IS_NUMBER("the server name ends in a number and is no IP address", Alert.ILLEGAL_PARAMETER),
    /** RFC 7301 §3.1: the list fills its extension, holds something, and no protocol name is empty. */
    ALPN_LIST("the list of application protocols is malformed", Alert.DECODE_ERROR);

    private final String phrase;
    private final CloseReason reason;
    private final Alert alert;

    HelloFlaw(String phrase, Alert alert) {
        this(phrase, CloseReason.HELLO_MALFORMED, alert);
    }

    HelloFlaw(String phrase, CloseReason reason, Alert alert) {
        this.phrase = phrase;
        this.reason = reason;
        this.alert = alert;
    }

    Alert alert() {
        return alert;
    }

    Verdict verdict() {
        return new Verdict.No(reason, phrase);
    }
}
