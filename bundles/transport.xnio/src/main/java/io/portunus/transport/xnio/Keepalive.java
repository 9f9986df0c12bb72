// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import io.portunus.model.SocketTuning;
import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The options of keepalive that XNIO does not know and the JDK may have. {@code TCP_USER_TIMEOUT} is in neither, and stays the system's. */
final class Keepalive {
    private static final Logger LOG = LoggerFactory.getLogger(Keepalive.class);

    private Keepalive() {
    }

    /** Sets what is not left to the system, as far as the channel has it. */
    static void set(NetworkChannel channel, SocketTuning tuning) {
        some(channel, "TCP_KEEPIDLE", seconds(tuning.keepaliveIdle()));
        some(channel, "TCP_KEEPINTERVAL", seconds(tuning.keepaliveInterval()));
        some(channel, "TCP_KEEPCOUNT", tuning.keepaliveProbes());
    }

    private static int seconds(Duration duration) {
        return Math.clamp(duration.toSeconds(), 0, Integer.MAX_VALUE);
    }

    private static void some(NetworkChannel channel, String name, int value) {
        if (value <= 0) {
            return;
        }
        // By name: the constants are those of a module that a JVM need not have.
        for (SocketOption<?> option : channel.supportedOptions()) {
            if (option.name().equals(name) && option.type() == Integer.class) {
                set(channel, option, value);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static void set(NetworkChannel channel, SocketOption<?> option, int value) {
        try {
            channel.setOption((SocketOption<Integer>) option, value);
        } catch (IOException | IllegalArgumentException refused) {
            LOG.trace("an option stays the system's", refused);
        }
    }
}
