// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.spi.NameAnswer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Puts the addresses of a name in the order they are tried. Stateless. */
final class Endpoints {
    /** Most addresses of a name that one flow tries. */
    static final int MAX = 8;

    private Endpoints() {
    }

    /**
     * Both families in turn (RFC 8305 §4), at most {@value #MAX}.
     *
     * @param turn where each family begins, so that the first address of a name does not get every flow
     */
    static List<InetAddress> inTurn(NameAnswer answer, boolean ipv6First, int turn) {
        boolean single = answer.ipv4().size() <= 1 && answer.ipv6().size() <= 1;
        NameAnswer turned = single ? answer : new NameAnswer(turned(answer.ipv4(), turn), turned(answer.ipv6(), turn), answer.validUntil(),
            answer.stale(), answer.server(), answer.problem());
        List<InetAddress> all = turned.inTurn(ipv6First);
        return all.size() <= MAX ? all : all.subList(0, MAX);
    }

    static List<InetSocketAddress> at(List<InetAddress> addresses, int port) {
        return addresses.stream().map(address -> new InetSocketAddress(address, port)).toList();
    }

    private static List<InetAddress> turned(List<InetAddress> addresses, int turn) {
        if (addresses.size() <= 1) {
            return addresses;
        }
        List<InetAddress> copy = new ArrayList<>(addresses);
        Collections.rotate(copy, -Math.floorMod(turn, copy.size()));
        return copy;
    }
}
