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
 * @param options how to ask, as the system is configured
 * @param denied addresses that are not taken
 */
record Asking(Timers timers, Exchange exchange, Servers servers, List<InetSocketAddress> listed, Duration timeout, RandomGenerator random,
        ResolvConf.Options options, DeniedAddresses denied) {
    private static final int MIN_ATTEMPTS = 3;
    private static final int MAX_ATTEMPTS = 4;
    /** Whatever rounds the system sets. */
    private static final int MOST_ATTEMPTS = 6;

    /**
     * Questions for one family of one name that may be under way: three, so that one lost datagram or two silent servers do no harm, or four
     * where there are as many servers, or as often round the servers as the system sets. With both families and 64 look-ups these are 768
     * sockets at most.
     */
    int attempts() {
        return persistent() ? Math.clamp(listed.size(), MIN_ATTEMPTS, MAX_ATTEMPTS) : Math.min(options.rounds() * listed.size(), MOST_ATTEMPTS);
    }

    /** Whether the system sets no bound for silence, so that answers are waited for as long as the look-up may take. */
    boolean persistent() {
        return options.timeout().isEmpty();
    }

    /** How long a server may be silent until the next is asked too. */
    Duration attempt() {
        Duration share = timeout.dividedBy(attempts());
        return options.timeout().filter(configured -> configured.compareTo(share) < 0).orElse(share);
    }
}
