// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.model.ListenKey;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.io.IOException;
import java.net.Inet6Address;
import java.util.Locale;

/** What the system says when a listener cannot be bound, and what to do about it. Stateless. */
final class BindProblems {
    private BindProblems() {
    }

    /** The exceptions have no codes, only the system's words. */
    static Problem of(ListenKey key, IOException refused) {
        String message = String.valueOf(refused.getMessage());
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("permission denied")) {
            return problem(ProblemCode.PERMISSION_DENIED, key, "the system does not let this process bind " + key
                + "; use a port above 1023 or give the process CAP_NET_BIND_SERVICE");
        }
        if (lower.contains("address already in use")) {
            return problem(ProblemCode.PORT_IN_USE, key, "another process listens on " + key
                + ", or has the port for a connection of its own; stop it or choose another port (ss -tanp shows who it is)");
        }
        if (lower.contains("assign requested address") && key.bind().isPresent()) {
            String sysctl = "net." + (key.bind().get() instanceof Inet6Address ? "ipv6" : "ipv4") + ".ip_nonlocal_bind";
            return problem(ProblemCode.BIND_FAILED, key, key + " cannot be bound: no interface of this machine has the address now; add it, or let"
                + " processes bind it before it is there (sysctl " + sysctl + "=1)");
        }
        return problem(ProblemCode.BIND_FAILED, key, key + " cannot be bound: " + message);
    }

    private static Problem problem(ProblemCode code, ListenKey key, String text) {
        return Problem.of(code, "listen " + key, text
            + "; a node that runs tries it again by itself, and one with [global] start = \"partial\" starts without it");
    }
}
