// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import io.portunus.node.api.BundleGuard;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xnio.Xnio;

/**
 * Opens a surface of its own at a loopback address that stands nowhere, with what this bundle brings and nothing else, and asks it whether it is
 * alive. Thread-safe: it has no state.
 */
@Component(service = SelfCheck.class)
public final class SurfaceSelfCheck implements SelfCheck {
    private static final String REQUEST = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    private static final String ANSWER = "HTTP/1.1 200 OK";
    private static final int PATIENCE_MILLIS = 5_000;
    private final Xnio xnio;
    private final BundleGuard guard;

    /** Takes what a surface is made of. */
    @Activate
    public SurfaceSelfCheck(@Reference Xnio xnio, @Reference BundleGuard guard) {
        this.xnio = xnio;
        this.guard = guard;
    }

    @Override
    public List<Problem> run() {
        Roster own = new Roster(System::nanoTime, guard);
        // Nothing is written: it is only bound.
        try (AdminServer server = new AdminServer(own, AdminServer.Settings.of("127.0.0.1:0", List.of(), Path.of("self-check", "none")))) {
            String answer = answer(server.rehearse(xnio));
            return answer.equals(ANSWER) ? List.of() : failed("answered " + answer);
        } catch (IOException broken) {
            return failed("failed: " + broken);
        }
    }

    private static List<Problem> failed(String what) {
        return List.of(Problem.of(SelfCheck.FAILED, "", "A surface for the check " + what + "."));
    }

    private static String answer(InetSocketAddress address) throws IOException {
        try (Socket client = new Socket(address.getAddress(), address.getPort())) {
            client.setSoTimeout(PATIENCE_MILLIS);
            client.getOutputStream().write(REQUEST.getBytes(US_ASCII));
            return new String(client.getInputStream().readNBytes(ANSWER.length()), US_ASCII);
        }
    }
}
