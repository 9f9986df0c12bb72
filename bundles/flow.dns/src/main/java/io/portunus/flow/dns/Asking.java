// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How one look-up asks.
 *
 * @param timers the thread it is confined to
 * @param exchange what carries questions
 * @param servers which of the listed is asked first
 * @param listed who may be asked, at least one
 * @param timeout for the look-up as a whole
 * @param random for the numbers of questions, which nobody may guess
 */
record Asking(Timers timers, Exchange exchange, Servers servers, List<InetSocketAddress> listed, Duration timeout, RandomGenerator random) {
    private static final int MIN_ATTEMPTS = 3;
    private static final int MAX_ATTEMPTS = 4;

    /**
     * Questions for one family of one name that may be under way: three, so that one lost datagram or two silent servers do no harm, or four
     * where there are as many servers. With both families and 64 look-ups these are 512 sockets at most.
     */
    int attempts() {
        return Math.clamp(listed.size(), MIN_ATTEMPTS, MAX_ATTEMPTS);
    }

    /** How long a server may be silent until the next is asked too. */
    Duration attempt() {
        return timeout.dividedBy(attempts());
    }
}
