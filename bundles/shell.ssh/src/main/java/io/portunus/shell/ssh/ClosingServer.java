// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;

/** A server that can stop to listen and keep its connections. */
final class ClosingServer extends SshServer {
    private ClosingServer() {
    }

    /** With everything that the library has by default. */
    static ClosingServer create() {
        return (ClosingServer) ServerBuilder.builder().factory(ClosingServer::new).build();
    }

    /** Lets the port go. */
    void unbind() {
        IoAcceptor open = acceptor;
        if (open != null) {
            open.unbind();
        }
    }
}
