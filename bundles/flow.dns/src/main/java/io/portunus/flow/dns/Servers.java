// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which server is asked first: the first of the list, unless it was silent a moment ago. Confined to the thread of the resolver. */
final class Servers {
    /** How long a server that did not answer is asked after the others, so that not every look-up pays for its silence. */
    private static final Duration LAST_FOR = Duration.ofSeconds(30);
    private final InstantSource clock;
    /** Bounded by the servers of the configuration: others are forgotten with each order. */
    private final Map<InetSocketAddress, Instant> silentUntil = new HashMap<>();

    /** Look-ups that begin with the servers in turn, so far; it may start anew. */
    private int turns;

    Servers(InstantSource clock) {
        this.clock = clock;
    }

    List<InetSocketAddress> order(List<InetSocketAddress> listed) {
        Instant now = clock.instant();
        silentUntil.entrySet().removeIf(e -> !e.getValue().isAfter(now) || !listed.contains(e.getKey()));
        List<InetSocketAddress> order = new ArrayList<>(listed.stream().filter(s -> !silentUntil.containsKey(s)).toList());
        listed.stream().filter(silentUntil::containsKey).forEach(order::add);
        return order;
    }

    /** The list for the next look-up, where look-ups begin with the servers in turn. */
    List<InetSocketAddress> inTurn(List<InetSocketAddress> listed) {
        List<InetSocketAddress> turned = new ArrayList<>(listed);
        Collections.rotate(turned, -Math.floorMod(turns++, listed.size()));
        return turned;
    }

    void silent(InetSocketAddress server) {
        silentUntil.put(server, clock.instant().plus(LAST_FOR));
    }

    void answered(InetSocketAddress server) {
        silentUntil.remove(server);
    }
}
