// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Opens a door of its own at the loopback address, with a key that it throws away, lets nobody in, and looks whether it answers as an SSH server.
 * Thread-safe: it has no state.
 */
@Component(service = SelfCheck.class)
public final class DoorSelfCheck implements SelfCheck {
    private static final String ANSWER = "SSH-2.0-PORTUNUS";
    private static final int PATIENCE_MILLIS = 5_000;
    private final CommandProcessor processor;

    /** Takes what runs the commands, and runs none. */
    @Activate
    public DoorSelfCheck(@Reference CommandProcessor processor) {
        this.processor = processor;
    }

    @Override
    public List<Problem> run() {
        try {
            String answer = answer();
            return answer.equals(ANSWER) ? List.of() : failed("answered " + answer);
        } catch (IOException | GeneralSecurityException broken) {
            return failed("failed: " + broken);
        }
    }

    private static List<Problem> failed(String what) {
        return List.of(Problem.of(SelfCheck.FAILED, "", "A server for the check " + what + "."));
    }

    private String answer() throws IOException, GeneralSecurityException {
        KeyPairProvider key = KeyPairProvider.wrap(KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", HostKey.CURVE_BITS));
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        // A file that is not there has no keys.
        Path none = Path.of("self-check", "none");
        SshDoor.Settings settings = new SshDoor.Settings("", none, none, SshDoor.Limits.USUAL, false);
        ClosingServer server = new ServerSetup(processor, settings, anyPort, key).create();
        try {
            server.start();
            try (Socket client = new Socket(anyPort.getAddress(), server.getPort())) {
                client.setSoTimeout(PATIENCE_MILLIS);
                return new String(client.getInputStream().readNBytes(ANSWER.length()), US_ASCII);
            }
        } finally {
            server.stop(true);
        }
    }
}
