// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.IpLiterals;
import io.portunus.model.PortRange;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;

/** The address of the surface as text, and what can be wrong with it. */
final class ListenAddress {
    /** The key an operator mends. */
    static final String PATH = "admin.listen";

    private ListenAddress() {
    }

    /** Reads {@code "127.0.0.1:7080"} or {@code "[::1]:7080"}; names are not looked up. Empty when it is neither. */
    static Optional<InetSocketAddress> parse(String text) {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        boolean digits = !port.isEmpty() && port.length() <= 5 && port.chars().allMatch(c -> c >= '0' && c <= '9');
        if (colon <= 0 || !digits || Integer.parseInt(port) > PortRange.MAX_PORT) {
            return Optional.empty();
        }
        return host(text.substring(0, colon)).map(address -> new InetSocketAddress(address, Integer.parseInt(port)));
    }

    /** Reads an IPv4 literal, or an IPv6 literal in brackets. */
    static Optional<InetAddress> host(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String literal = bracketed ? text.substring(1, text.length() - 1) : text;
        return literal.contains(":") == bracketed ? IpLiterals.parse(literal) : Optional.empty();
    }

    static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    static Problem malformed(String text) {
        return Problem.of(ProblemCode.INVALID_VALUE, PATH, "'" + text + "' is no address; write an IP address and a port, as 127.0.0.1:7080");
    }

    /** The JDK tells the causes apart by message only. */
    static Problem unbound(String text, Exception cause) {
        String said = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (said.contains("in use")) {
            return Problem.of(ProblemCode.PORT_IN_USE, PATH, "the admin surface cannot listen on " + text
                + ": a rule or another process has the port; stop that, or give [admin] listen another port");
        }
        if (said.contains("permission denied")) {
            return Problem.of(ProblemCode.PERMISSION_DENIED, PATH, "the admin surface cannot listen on " + text
                + ": the system does not let this process bind the port; use a port from 1024 up, or grant CAP_NET_BIND_SERVICE");
        }
        return Problem.of(ProblemCode.BIND_FAILED, PATH, "the admin surface cannot listen on " + text + " (" + cause
            + "); give [admin] listen an address of this machine");
    }
}
