// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

/** How a datagram socket sends. Confined to its loop. */
final class SendingSocket {
    private final int descriptor;
    private final boolean six;
    private final boolean connected;
    private final boolean anyLocal;
    /** Datagrams as long as this are not joined any more. */
    private int tooLong = Integer.MAX_VALUE;

    /**
     * Makes one that joins whatever it can.
     *
     * @param six whether it is of IPv6, which sends IPv4, too, to mapped addresses
     * @param connected whether it knows to whom
     * @param anyLocal whether it may send from the address that an entry has
     */
    SendingSocket(int descriptor, boolean six, boolean connected, boolean anyLocal) {
        this.descriptor = descriptor;
        this.six = six;
        this.connected = connected;
        this.anyLocal = anyLocal;
    }

    int descriptor() {
        return descriptor;
    }

    boolean six() {
        return six;
    }

    boolean connected() {
        return connected;
    }

    boolean anyLocal() {
        return anyLocal;
    }

    /** Whether datagrams of that length are joined, for the system to cut. */
    boolean joins(int length) {
        return length > 0 && length < tooLong;
    }

    /** Joins shorter ones only from now on. */
    void joinsBelow(int length) {
        tooLong = length;
    }

    /** The length from which on it joins none. */
    int joinsBelow() {
        return tooLong;
    }
}
