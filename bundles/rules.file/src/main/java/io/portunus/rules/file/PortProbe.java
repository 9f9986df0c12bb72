// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.SocketAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;

/** Asks the system whether an address can be listened on, by doing so for a moment. Stateless. */
final class PortProbe {
    private PortProbe() {
    }

    /** What keeps it from being bound; empty when nothing does, as for a port that the system picks. */
    static Optional<Problem> problem(String path, ListenAddress listen) {
        try (ServerSocket socket = new ServerSocket()) {
            // As the surfaces do: connections of an earlier listener that wait for their end take nothing.
            socket.setReuseAddress(true);
            socket.bind(SocketAddresses.ownFamily(new InetSocketAddress(listen.address(), listen.port())));
            return Optional.empty();
        } catch (IOException refused) {
            String reason = String.valueOf(refused.getMessage());
            return Optional.of(Problem.of(code(reason), path, "the system does not let " + TomlSection.echo(listen.text()) + " be listened on ("
                + reason + "); write another address or port"));
        }
    }

    /** The exceptions have no codes, only the system's words. */
    private static ProblemCode code(String reason) {
        if (reason.startsWith("Address already in use")) {
            return ProblemCode.PORT_IN_USE;
        }
        return reason.startsWith("Permission denied") ? ProblemCode.PERMISSION_DENIED : ProblemCode.BIND_FAILED;
    }
}
