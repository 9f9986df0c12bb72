// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.flow.spi.ListenFailure;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.io.IOException;

/** What can be wrong with the address of the surface. */
final class ListenProblems {
    /** The key an operator mends. */
    static final String PATH = "admin.listen";

    private ListenProblems() {
    }

    static Problem malformed(String text) {
        return Problem.of(ProblemCode.INVALID_VALUE, PATH, "'" + text + "' is no address; write an IP address and a port, as 127.0.0.1:7080");
    }

    static Problem unbound(String text, Exception cause) {
        String sentence = "the admin surface cannot listen on " + text;
        return switch (cause instanceof IOException refused ? ListenFailure.of(refused).cause() : ListenFailure.Cause.OTHER) {
            case IN_USE -> Problem.of(ProblemCode.PORT_IN_USE, PATH, sentence
                + ": a rule or another process has the port; stop that, or give [admin] listen another port");
            case NOT_PERMITTED -> Problem.of(ProblemCode.PERMISSION_DENIED, PATH, sentence
                + ": the system does not let this process bind the port; use a port from 1024 up, or grant CAP_NET_BIND_SERVICE");
            case NOT_HERE, NO_DESCRIPTOR, OTHER -> Problem.of(ProblemCode.BIND_FAILED, PATH, sentence + " (" + cause
                + "); give [admin] listen an address of this machine");
        };
    }
}
