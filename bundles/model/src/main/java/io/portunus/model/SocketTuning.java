// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.time.Duration;
import java.util.Optional;

/**
 * Options of the sockets of a flow, tcp(7) and socket(7). {@code TCP_NODELAY} and {@code SO_KEEPALIVE} are always on: a relay must not add
 * Nagle's wait to that of its peers, and only keepalive finds a peer that has vanished. What a transport cannot set stays the system's.
 *
 * @param keepaliveIdle silence before the first keepalive probe, whole seconds; zero leaves it to the system ({@code TCP_KEEPIDLE})
 * @param keepaliveInterval between probes, whole seconds; zero leaves it to the system ({@code TCP_KEEPINTVL})
 * @param keepaliveProbes unanswered probes before the connection is given up; 0 leaves it to the system ({@code TCP_KEEPCNT})
 * @param userTimeout how long sent data may stay unacknowledged; zero leaves it to the system ({@code TCP_USER_TIMEOUT})
 * @param sendBuffer bytes; 0 lets the system grow it by itself ({@code SO_SNDBUF})
 * @param receiveBuffer bytes; 0 lets the system grow it by itself ({@code SO_RCVBUF})
 */
public record SocketTuning(Duration keepaliveIdle, Duration keepaliveInterval, int keepaliveProbes, Duration userTimeout, int sendBuffer,
        int receiveBuffer) {
    /** Probes after 300 s of silence, before the boxes between the peers forget a connection; all else is the system's. */
    public static final SocketTuning DEFAULT = new SocketTuning(Duration.ofMinutes(5), Duration.ZERO, 0, Duration.ZERO, 0, 0);

    /** This tuning where it differs from another one, as from what a socket has already. */
    public Optional<SocketTuning> unlike(SocketTuning other) {
        return equals(other) ? Optional.empty() : Optional.of(this);
    }
}
