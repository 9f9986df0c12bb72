// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TomlSection;
import io.portunus.flow.spi.ListenFailure;
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
            ListenFailure why = ListenFailure.of(refused);
            return Optional.of(Problem.of(code(why.cause()), path, "the system does not let " + TomlSection.echo(listen.text())
                + " be listened on (" + why.text() + "); write another address or port"));
        }
    }

    private static ProblemCode code(ListenFailure.Cause cause) {
        return switch (cause) {
            case IN_USE -> ProblemCode.PORT_IN_USE;
            case NOT_PERMITTED -> ProblemCode.PERMISSION_DENIED;
            case NOT_HERE, NO_DESCRIPTOR, OTHER -> ProblemCode.BIND_FAILED;
        };
    }
}
