// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.util.Locale;

/** What can be wrong with the address of the surface. */
final class ListenProblems {
    /** The key an operator mends. */
    static final String PATH = "admin.listen";

    private ListenProblems() {
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
