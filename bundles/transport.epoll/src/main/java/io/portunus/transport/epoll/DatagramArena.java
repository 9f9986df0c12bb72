// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.linux.api.SocketLibc;

/**
 * What the datagram sockets of a loop share, made once with the first of them: 31 KiB that calls read and write, of which the kernel keeps nothing
 * between two calls. Confined to the loop.
 */
record DatagramArena(Inbox inbox, Outbox outbox, ErrorQueue errors) {
    static DatagramArena make(SocketLibc libc) {
        BatchAddresses addresses = new BatchAddresses();
        return new DatagramArena(new Inbox(libc, addresses), new Outbox(libc, addresses), new ErrorQueue(libc));
    }
}
