// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Protocols of the ports of one rule: one of them, or both, which then have the same ports, targets and limits. */
public enum Protocols {
    /** Connections. */
    TCP,
    /** Datagrams. */
    UDP,
    /** Both, as HTTPS and HTTP/3 of one name. */
    TCP_AND_UDP;

    private static final List<Protocol> JUST_TCP = List.of(Protocol.TCP);
    private static final List<Protocol> JUST_UDP = List.of(Protocol.UDP);
    private static final List<Protocol> BOTH = List.of(Protocol.TCP, Protocol.UDP);

    /** The protocols of a code. */
    public static Optional<Protocols> of(String code) {
        return Arrays.stream(values()).filter(its -> its.code().equals(code)).findFirst();
    }

    /** That protocol alone. */
    public static Protocols of(Protocol only) {
        return switch (only) {
            case TCP -> TCP;
            case UDP -> UDP;
        };
    }

    /** As operators and surfaces write them: {@code "tcp"}, {@code "udp"}, {@code "tcp+udp"}. */
    public String code() {
        return String.join("+", each().stream().map(Protocol::code).toList());
    }

    /** Each of them. */
    public List<Protocol> each() {
        return switch (this) {
            case TCP -> JUST_TCP;
            case UDP -> JUST_UDP;
            case TCP_AND_UDP -> BOTH;
        };
    }

    /** Whether that is one of them. */
    public boolean has(Protocol protocol) {
        return each().contains(protocol);
    }

    /** The kind by which a match names the hello of all of them: that of the first. */
    public String helloKind() {
        return each().getFirst().helloKind();
    }
}
