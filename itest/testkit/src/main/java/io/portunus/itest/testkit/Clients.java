// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a client of a node sees. Stateless. */
public final class Clients {
    private static final int PATIENCE_MILLIS = 10_000;

    private Clients() {
    }

    /** Who answers a new connection, by the line that {@link Backend#naming} sends; empty if nobody does. */
    public static String answeredBy(String host, int port) {
        try (Socket socket = new Socket(host, port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            return Optional.ofNullable(new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine())
                .orElse("");
        } catch (IOException refused) {
            return "";
        }
    }

    /** Whether a connection is ended next, in order or by a reset, or by nothing for as long as the socket waits. */
    public static boolean ended(Socket socket) {
        try {
            return socket.getInputStream().read() == -1;
        } catch (IOException reset) {
            return true;
        }
    }
}
