// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.ListenFailure;
import io.portunus.model.ListenKey;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.net.Inet6Address;
import java.net.InetAddress;

/** What the system reports when a listener cannot be bound, and what to do about it. Stateless. */
final class BindProblems {
    private BindProblems() {
    }

    static Problem of(ListenKey key, ListenFailure refused) {
        return switch (refused.cause()) {
            case NOT_PERMITTED -> problem(ProblemCode.PERMISSION_DENIED, key, "the system does not let this process bind " + key
                + "; use a port above 1023 or give the process CAP_NET_BIND_SERVICE");
            case IN_USE -> problem(ProblemCode.PORT_IN_USE, key, "another process listens on " + key
                + ", or has the port for a connection of its own; stop it or choose another port (ss -tanp shows who it is)");
            case NOT_HERE -> problem(ProblemCode.BIND_FAILED, key, key.bind().map(address -> notHere(key, address))
                .orElseGet(() -> unbound(key, refused)));
            case NO_DESCRIPTOR, OTHER -> problem(ProblemCode.BIND_FAILED, key, unbound(key, refused));
        };
    }

    private static String notHere(ListenKey key, InetAddress address) {
        return key + " cannot be bound: no interface of this machine has the address now; add it, or let processes bind it before it is there"
            + " (sysctl net." + (address instanceof Inet6Address ? "ipv6" : "ipv4") + ".ip_nonlocal_bind=1)";
    }

    private static String unbound(ListenKey key, ListenFailure refused) {
        return key + " cannot be bound: " + refused.text();
    }

    private static Problem problem(ProblemCode code, ListenKey key, String text) {
        return Problem.ofListener(code, key, text
            + "; a node that runs tries it again by itself, and one with [global] start = \"partial\" starts without it");
    }
}
