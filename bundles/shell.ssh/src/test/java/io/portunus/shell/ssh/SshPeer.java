// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;

/** A client that is logged in and does what OpenSSH's does not. Confined to one test. */
final class SshPeer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final SshClient client = SshClient.setUpDefaultClient();
    private final ClientSession session;

    SshPeer(int port, Path key) throws IOException {
        JdkEd25519.register();
        client.setIoServiceFactoryFactory(new Nio2ServiceFactoryFactory());
        client.setServerKeyVerifier((there, address, hostKey) -> true);
        client.setKeyIdentityProvider(new FileKeyPairProvider(key));
        client.start();
        session = client.connect("anybody", "127.0.0.1", port).verify(LIMIT).getSession();
        session.auth().verify(LIMIT);
    }

    /** What a command prints. */
    String run(String command) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ChannelExec channel = session.createExecChannel(command)) {
            channel.setOut(out);
            channel.open().verify(LIMIT);
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), LIMIT);
        }
        return out.toString(UTF_8);
    }

    /** Whether a channel for a command is opened and answers. */
    boolean answers(String command) throws IOException {
        try {
            return !run(command).isEmpty();
        } catch (SshException refused) {
            return false;
        }
    }

    /** How many channels are opened of so many that are asked for one after another, and are all held. */
    int openChannels(int asked) throws IOException {
        List<ClientChannel> open = new ArrayList<>();
        try {
            for (int i = 0; i < asked; i++) {
                ClientChannel channel = session.createShellChannel();
                channel.open().verify(LIMIT);
                open.add(channel);
            }
        } catch (SshException refused) {
            return open.size();
        } finally {
            for (ClientChannel channel : open) {
                channel.close(true);
            }
        }
        return open.size();
    }

    @Override
    public void close() throws IOException {
        session.close(true);
        client.stop();
    }
}
