// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.global.NoMoreSessionsHandler;

/**
 * What the SSH server is allowed to do: public keys only, commands and a shell, nothing else that SSH has. Immutable. I/O is on threads of
 * the server's own, commands on ones of their own.
 */
final class ServerSetup {
    private static final int IO_THREADS = 2;

    private final CommandProcessor processor;
    private final SshDoor.Limits limits;
    private final InetSocketAddress address;
    private final KeyPairProvider hostKey;
    private final AuthorizedKeys keys;
    private final Errands errands;

    private ServerSetup(ServerSetup other, InetSocketAddress address) {
        this.processor = other.processor;
        this.limits = other.limits;
        this.address = address;
        this.hostKey = other.hostKey;
        this.keys = other.keys;
        this.errands = other.errands;
    }

    ServerSetup(CommandProcessor processor, SshDoor.Settings settings, InetSocketAddress address, KeyPairProvider hostKey) {
        this.processor = processor;
        this.limits = settings.limits();
        this.address = address;
        this.hostKey = hostKey;
        this.keys = new AuthorizedKeys(settings.keys(), limits.attempts());
        this.errands = new Errands();
    }

    /** The commands of the clients. */
    Errands errands() {
        return errands;
    }

    InetSocketAddress address() {
        return address;
    }

    /** The same, on a port that the system picks. */
    ServerSetup onAnyPort() {
        return new ServerSetup(this, new InetSocketAddress(address.getAddress(), 0));
    }

    /** A server that is not started yet. */
    ClosingServer create() {
        // Before the server asks which signatures there are.
        JdkEd25519.register();
        ClosingServer server = ClosingServer.create();
        server.setIoServiceFactoryFactory(new Nio2ServiceFactoryFactory());
        server.setHost(address.getAddress().getHostAddress());
        server.setPort(address.getPort());
        server.setKeyPairProvider(hostKey);
        server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        server.setPublickeyAuthenticator(keys);
        // RSA with SHA-1 (RFC 8332 §1) and certificates, which nobody here could have issued, are not taken.
        server.setSignatureFactories(server.getSignatureFactories().stream()
            .filter(f -> !f.getName().equals("ssh-rsa") && !f.getName().contains("-cert-")).toList());
        server.setKeyExchangeFactories(timely(server.getKeyExchangeFactories()));
        server.setCipherFactories(timely(server.getCipherFactories()));
        server.setMacFactories(timely(server.getMacFactories()));
        // What a stranger sends must not be inflated, and lines of text need it never.
        server.setCompressionFactories(List.of(BuiltinCompressions.none));
        server.setChannelFactories(List.of(new CommandChannel.Factory(limits.channelsInAll())));
        server.setGlobalRequestHandlers(List.of(KeepAliveHandler.INSTANCE, NoMoreSessionsHandler.INSTANCE));
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        server.setSubsystemFactories(List.of());
        server.setCommandFactory((channel, line) -> new SshCommand(processor, Optional.of(line), errands));
        server.setShellFactory(channel -> new SshCommand(processor, Optional.empty(), errands));
        bound(server);
        return server;
    }

    private void bound(SshServer server) {
        server.addSessionListener(new SessionLimit(limits.sessions()));
        CoreModuleProperties.NIO_WORKERS.set(server, IO_THREADS);
        // The library counts the channels before the new one.
        CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(server, limits.channels() - 1);
        // One request to learn the methods, one for each key offered, one that proves the last.
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, limits.attempts() + 2);
        CoreModuleProperties.AUTH_TIMEOUT.set(server, limits.grace());
        CoreModuleProperties.IDLE_TIMEOUT.set(server, limits.idle());
        CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "PORTUNUS");
    }

    /** Cipher modes without an integrity of their own that is checked first, and digests and groups that are broken (RFC 9142 §4). */
    static boolean dated(String algorithm) {
        return algorithm.endsWith("-cbc") || algorithm.startsWith("arcfour") || algorithm.startsWith("hmac-sha1") || algorithm.startsWith("hmac-md5")
            || algorithm.endsWith("-sha1") || algorithm.equals("none");
    }

    private static <T extends NamedResource> List<T> timely(List<T> factories) {
        return factories.stream().filter(factory -> !dated(factory.getName())).toList();
    }
}
