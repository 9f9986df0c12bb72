// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.SocketAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the surface listens that nobody gave a port: the usual one, or any other if somebody has that. Stateless. */
final class SparePort {
    private static final Logger LOG = LoggerFactory.getLogger(SparePort.class);

    private SparePort() {
    }

    /** This address if nobody has it, or another port of the same address; port 0 means that somebody has the usual one. */
    static String of(String listen) {
        Optional<InetSocketAddress> usual = SocketAddresses.parse(listen);
        return usual.isEmpty() || usual.get().getPort() != 0 && free(usual.get()).isPresent() ? listen : other(listen, usual.get());
    }

    private static String other(String listen, InetSocketAddress usual) {
        String spare = free(new InetSocketAddress(usual.getAddress(), 0)).map(SocketAddresses::text).orElse(listen);
        LOG.atWarn().addKeyValue("event", "admin.default_port_taken").addKeyValue("listen", listen).addKeyValue("address", spare)
            .log("the admin surface's usual port is taken, so it listens on another, which the file admin.address of the state folder tells, too; "
                + "name one with [admin] listen");
        return spare;
    }

    /** As it could be bound; empty if it cannot. */
    private static Optional<InetSocketAddress> free(InetSocketAddress wanted) {
        try (ServerSocket probe = new ServerSocket()) {
            // As the surface does: connections of an earlier listener that wait for their end take nothing.
            probe.setReuseAddress(true);
            probe.bind(wanted);
            return Optional.of(new InetSocketAddress(wanted.getAddress(), probe.getLocalPort()));
        } catch (IOException taken) {
            return Optional.empty();
        }
    }
}
