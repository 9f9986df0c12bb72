// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import io.portunus.linux.api.DatagramLibc;
import io.portunus.linux.api.Libc;
import io.portunus.linux.api.SocketLibc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Connects two sockets of its own over the loopback and sends a word and the end from one to the other, and a word as a datagram, by each call
 * that transports make. Confined to the thread that runs it; waits {@value #PATIENCE_MILLIS} ms at most, six times.
 */
final class SocketTrial {
    private static final int PATIENCE_MILLIS = 1_000;
    private static final int FLAGS = Libc.O_NONBLOCK | Libc.O_CLOEXEC;
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    /** struct sockaddr_in, ip(7): family, port, address. */
    private static final int ADDRESS_BYTES = 16;
    private static final long WORD = 0x706f7274756e7573L;
    /** struct mmsghdr, recvmmsg(2), with its iovec behind it. */
    private static final int MESSAGE_BYTES = 64;
    private static final int VECTOR_BYTES = 16;

    private final SocketLibc libc;
    private final List<Integer> opened = new ArrayList<>();
    private final ByteBuffer place = memory(ADDRESS_BYTES);
    private final ByteBuffer length = memory(Integer.BYTES).putInt(0, ADDRESS_BYTES);
    private final ByteBuffer option = memory(Integer.BYTES).putInt(0, 1);
    private final ByteBuffer word = memory(Long.BYTES);
    private final ByteBuffer event = memory(ADDRESS_BYTES);
    private final ByteBuffer message = memory(MESSAGE_BYTES + VECTOR_BYTES);

    /** A call that did not do what it has to; caught where the trial began. */
    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1;
        private final String what;

        Failed(String what) {
            super(what);
            this.what = what;
        }
    }

    private SocketTrial(SocketLibc libc) {
        this.libc = libc;
    }

    private static ByteBuffer memory(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** What went wrong; empty when the word arrived, and the end after it. */
    static Optional<String> run(SocketLibc libc) {
        SocketTrial trial = new SocketTrial(libc);
        try {
            trial.talk();
            return Optional.empty();
        } catch (Failed failed) {
            return Optional.of(failed.what);
        } finally {
            trial.opened.forEach(libc::close);
        }
    }

    private void talk() throws Failed {
        int epoll = opened("epoll_create1(2)", libc.epollCreate1(Libc.O_CLOEXEC));
        int listener = opened("socket(2)", libc.socket(SocketLibc.AF_INET, Libc.SOCK_STREAM | FLAGS, 0));
        listen(listener);
        int client = opened("socket(2)", libc.socket(SocketLibc.AF_INET, Libc.SOCK_STREAM | FLAGS, 0));
        if (libc.connect(client, at(place), ADDRESS_BYTES) < 0 && libc.errno() != SocketLibc.EINPROGRESS) {
            throw failed("connect(2)");
        }
        await(epoll, listener, SocketLibc.EPOLLIN);
        int server = opened("accept4(2)", libc.accept4(listener, at(place), at(length), FLAGS));
        await(epoll, client, SocketLibc.EPOLLOUT);
        send(epoll, client, server);
        int counter = opened("eventfd(2)", libc.eventfd(0, FLAGS));
        done("write(2)", libc.write(counter, at(word.putLong(0, 1)), Long.BYTES));
        await(epoll, counter, SocketLibc.EPOLLIN);
        sendDatagram(epoll);
    }

    private void sendDatagram(int epoll) throws Failed {
        int receiver = opened("socket(2)", libc.socket(SocketLibc.AF_INET, DatagramLibc.SOCK_DGRAM | FLAGS, 0));
        place.putShort(0, (short) SocketLibc.AF_INET).putShort(2, (short) 0).put(4, LOOPBACK);
        done("bind(2)", libc.bind(receiver, at(place), ADDRESS_BYTES));
        done("getsockname(2)", libc.getsockname(receiver, at(place), at(length.putInt(0, ADDRESS_BYTES))));
        int sender = opened("socket(2)", libc.socket(SocketLibc.AF_INET, DatagramLibc.SOCK_DGRAM | FLAGS, 0));
        done("connect(2)", libc.connect(sender, at(place), ADDRESS_BYTES));
        message.putLong(16, at(message) + MESSAGE_BYTES).putLong(24, 1);
        message.putLong(MESSAGE_BYTES, at(word.putLong(0, WORD))).putLong(MESSAGE_BYTES + 8, Long.BYTES);
        done("sendmmsg(2)", libc.sendmmsg(sender, at(message), 1, SocketLibc.MSG_NOSIGNAL));
        await(epoll, receiver, SocketLibc.EPOLLIN);
        word.putLong(0, 0);
        done("recvmmsg(2)", libc.recvmmsg(receiver, at(message), 1, 0, 0));
        if (word.getLong(0) != WORD || message.getInt(MESSAGE_BYTES - 8) != Long.BYTES) {
            throw new Failed("a datagram did not arrive as it was sent");
        }
    }

    private void listen(int listener) throws Failed {
        done("setsockopt(2)", libc.setsockopt(listener, SocketLibc.SOL_SOCKET, SocketLibc.SO_REUSEADDR, at(option), Integer.BYTES));
        done("getsockopt(2)", libc.getsockopt(listener, SocketLibc.SOL_SOCKET, SocketLibc.SO_ERROR, at(option), at(length.putInt(0, Integer.BYTES))));
        place.putShort(0, (short) SocketLibc.AF_INET).put(4, LOOPBACK);
        done("bind(2)", libc.bind(listener, at(place), ADDRESS_BYTES));
        done("listen(2)", libc.listen(listener, 1));
        done("getsockname(2)", libc.getsockname(listener, at(place), at(length.putInt(0, ADDRESS_BYTES))));
        done("fcntl(2)", libc.fcntl(listener, Libc.F_GETFL, 0));
    }

    private void send(int epoll, int client, int server) throws Failed {
        if (libc.recv(server, at(word), Long.BYTES, 0) >= 0 || libc.errno() != Libc.EAGAIN) {
            throw failed("recv(2) on a socket without bytes");
        }
        done("send(2)", libc.send(client, at(word.putLong(0, WORD)), Long.BYTES, SocketLibc.MSG_NOSIGNAL));
        await(epoll, server, SocketLibc.EPOLLIN);
        done("recv(2)", libc.recv(server, at(word.putLong(0, 0)), Long.BYTES, 0));
        done("shutdown(2)", libc.shutdown(client, SocketLibc.SHUT_WR));
        if (word.getLong(0) != WORD) {
            throw new Failed("bytes did not arrive as they were sent");
        }
        await(epoll, server, SocketLibc.EPOLLIN);
        if (libc.recv(server, at(word), Long.BYTES, 0) != 0) {
            throw new Failed("the end did not arrive");
        }
    }

    private long at(ByteBuffer buffer) {
        return libc.address(buffer);
    }

    private int opened(String call, int descriptor) throws Failed {
        done(call, descriptor);
        opened.add(descriptor);
        return descriptor;
    }

    private void done(String call, long answer) throws Failed {
        if (answer < 0) {
            throw failed(call);
        }
    }

    private Failed failed(String call) {
        return new Failed(call + " failed with errno " + libc.errno());
    }

    /** Waits until a descriptor is ready, which is watched only meanwhile. */
    private void await(int epoll, int descriptor, int events) throws Failed {
        done("epoll_ctl(2)", libc.epollCtl(epoll, SocketLibc.EPOLL_CTL_ADD, descriptor, at(event.putInt(0, events))));
        if (libc.epollWait(epoll, at(event), 1, PATIENCE_MILLIS) != 1) {
            throw failed("epoll_wait(2)");
        }
        done("epoll_ctl(2)", libc.epollCtl(epoll, SocketLibc.EPOLL_CTL_DEL, descriptor, 0));
    }
}
