// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.global.NoMoreSessionsHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the SSH server is allowed to do: public keys only, commands and a shell, nothing else that SSH has. Immutable. I/O is on threads of
 * the server's own, commands on virtual ones.
 */
final class ServerSetup {
    private static final Logger LOG = LoggerFactory.getLogger(ServerSetup.class);
    private static final int IO_THREADS = 2;

    private final CommandProcessor processor;
    private final SshDoor.Limits limits;
    private final InetSocketAddress address;
    private final KeyPairProvider hostKey;
    private final AuthorizedKeys keys;

    ServerSetup(CommandProcessor processor, SshDoor.Settings settings, InetSocketAddress address, KeyPairProvider hostKey) {
        this.processor = processor;
        this.limits = settings.limits();
        this.address = address;
        this.hostKey = hostKey;
        this.keys = new AuthorizedKeys(settings.keys(), limits.attempts());
    }

    InetSocketAddress address() {
        return address;
    }

    /** A server that is not started yet. */
    SshServer create() {
        // Before the server asks which signatures there are.
        JdkEd25519.register();
        SshServer server = SshServer.setUpDefaultServer();
        server.setIoServiceFactoryFactory(new Nio2ServiceFactoryFactory());
        server.setHost(address.getAddress().getHostAddress());
        server.setPort(address.getPort());
        server.setKeyPairProvider(hostKey);
        server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        server.setPublickeyAuthenticator(keys);
        // RSA with SHA-1 (RFC 8332 §1) and certificates, which nobody here could have issued, are not taken.
        server.setSignatureFactories(server.getSignatureFactories().stream()
            .filter(f -> !f.getName().equals("ssh-rsa") && !f.getName().contains("-cert-")).toList());
        server.setChannelFactories(List.of(ChannelSessionFactory.INSTANCE));
        server.setGlobalRequestHandlers(List.of(KeepAliveHandler.INSTANCE, NoMoreSessionsHandler.INSTANCE));
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        server.setSubsystemFactories(List.of());
        server.setCommandFactory((channel, line) -> new SshCommand(processor, Optional.of(line)));
        server.setShellFactory(channel -> new SshCommand(processor, Optional.empty()));
        bound(server);
        return server;
    }

    private void bound(SshServer server) {
        server.addSessionListener(new Bound(limits.sessions()));
        CoreModuleProperties.NIO_WORKERS.set(server, IO_THREADS);
        CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(server, limits.channels());
        // One request to learn the methods, one for each key offered, one that proves the last.
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, limits.attempts() + 2);
        CoreModuleProperties.AUTH_TIMEOUT.set(server, limits.grace());
        CoreModuleProperties.IDLE_TIMEOUT.set(server, limits.idle());
        CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "PORTUNUS");
    }

    /** Closes what comes above the limit before it is read from. The library's own limit is per user name, which a client picks. */
    private static final class Bound implements SessionListener {
        private final int most;
        private final Set<Session> open = ConcurrentHashMap.newKeySet();

        Bound(int most) {
            this.most = most;
        }

        @Override
        public void sessionCreated(Session session) {
            open.add(session);
            session.addCloseFutureListener(closed -> open.remove(session));
            if (open.size() > most) {
                LOG.atDebug().addKeyValue("event", "shell.too_many_sessions").addKeyValue("peer", session.getIoSession().getRemoteAddress())
                    .log("a session was refused, because there are as many as may be");
                session.getIoSession().close(true);
            }
        }
    }
}
