// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.InetAddress;
import java.util.List;

/**
 * Which clients a rule takes, by their addresses. Immutable.
 *
 * @param allow blocks that it takes; empty for every address
 * @param deny blocks that it does not take, whatever is allowed
 */
public record SourceFilter(List<Cidr> allow, List<Cidr> deny) {
    /** Most blocks in each list; every connection is held against each of them. */
    public static final int MAX_BLOCKS = 256;
    /** Takes every client. */
    public static final SourceFilter ANY = new SourceFilter(List.of(), List.of());

    /** Copies the lists. */
    public SourceFilter {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /** Whether a client is taken. */
    public boolean admits(InetAddress client) {
        if (allow.isEmpty() && deny.isEmpty()) {
            return true;
        }
        // The only copy of the address, however many blocks there are.
        byte[] bytes = client.getAddress();
        return (allow.isEmpty() || in(allow, bytes)) && !in(deny, bytes);
    }

    /** Whether one of the blocks has the address; nothing is allocated. */
    static boolean in(List<Cidr> blocks, byte[] address) {
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }
}
