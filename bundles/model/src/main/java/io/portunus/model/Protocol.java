// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.Arrays;
import java.util.Optional;

/** Protocols of the transport layer that are forwarded. A port of one has nothing to do with the same port of another. */
public enum Protocol {
    /** The Transmission Control Protocol (RFC 9293). */
    TCP("tcp"),
    /** The User Datagram Protocol (RFC 768). */
    UDP("udp");

    private final String code;

    Protocol(String code) {
        this.code = code;
    }

    /** The protocol of a code. */
    public static Optional<Protocol> of(String code) {
        return Arrays.stream(values()).filter(its -> its.code.equals(code)).findFirst();
    }

    /** The protocol as operators and surfaces write it, which is the kind of its handler, too. */
    public String code() {
        return code;
    }
}
