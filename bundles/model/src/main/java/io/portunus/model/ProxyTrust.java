// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * Who must declare, by a PROXY header, for whom a connection is made, or who sent a datagram, before each of them. From these sources a header
 * is required; from all others it is not looked for, and what they send is theirs.
 *
 * @param sources the balancers in front; never empty
 * @param deadline from accept to the whole header; a datagram has it, and is not waited for
 */
public record ProxyTrust(List<Cidr> sources, Duration deadline) {
    /** Time for the header when nothing else is said. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(5);

    /** Copies the list. */
    public ProxyTrust {
        sources = List.copyOf(sources);
    }

    /** Whether a header is required of this peer. */
    public boolean trusts(InetAddress peer) {
        return SourceFilter.in(sources, peer.getAddress());
    }
}
