// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for configurations that must name them. */
public final class Ports {
    /** Below what Linux gives to outgoing connections (ip_local_port_range starts at 32768), so that no client of a test takes them. */
    private static final int FIRST = 15_000;
    private static final int LAST = 32_000;

    private Ports() {
    }

    /** A port that nobody listens on now. */
    public static int free() {
        return freeRange(1);
    }

    /** The first of as many free ports in a row. */
    public static int freeRange(int width) {
        for (int attempt = 0; attempt < 200; attempt++) {
            int first = ThreadLocalRandom.current().nextInt(FIRST, LAST - width);
            boolean all = true;
            for (int port = first; port < first + width && all; port++) {
                all = isFree(port);
            }
            if (all) {
                return first;
            }
        }
        throw new IllegalStateException("no " + width + " free ports in a row");
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
