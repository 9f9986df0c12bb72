// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A connection to a target that asks it something, with one deadline for all of it. Confined to its virtual thread. What it writes is at most
 * some kilobytes, which any send buffer takes: a write does not wait.
 */
final class Conversation implements AutoCloseable {
    /** Most that is read of an answer after it was judged, so that closing does not reset the connection. */
    private static final int MAX_REST = 16 * 1024;
    /** Longest wait for the target to close its side too. */
    private static final Duration PARTING = Duration.ofMillis(250);

    private final Socket socket;
    private final LongSupplier nanos;
    private long deadline;

    private Conversation(Socket socket, LongSupplier nanos, long deadline) {
        this.socket = socket;
        this.nanos = nanos;
        this.deadline = deadline;
    }

    /**
     * Connects.
     *
     * @param share how many addresses still have to share the time that is left
     */
    static Conversation open(InetSocketAddress endpoint, Optional<InetAddress> source, LongSupplier nanos, long deadline, int share)
            throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            if (source.isPresent()) {
                socket.bind(new InetSocketAddress(source.get(), 0));
            }
            socket.connect(endpoint, millis(nanos, deadline, share));
            if (socket.getLocalSocketAddress().equals(socket.getRemoteSocketAddress())) {
                // Nobody listens, and the system gave it the port that it asked for: it would be its own target (RFC 9293 §3.5).
                socket.setSoLinger(true, 0);
                throw new ConnectException("Connection refused");
            }
            return new Conversation(socket, nanos, deadline);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    void write(byte[] bytes) throws IOException {
        if (bytes.length > 0) {
            socket.getOutputStream().write(bytes);
        }
    }

    /**
     * Waits for the next bytes.
     *
     * @return how many came to {@code into} from {@code at} on; -1 when the target has finished
     */
    int hear(byte[] into, int at) throws IOException {
        socket.setSoTimeout(millis(nanos, deadline, 1));
        return socket.getInputStream().read(into, at, into.length - at);
    }

    /**
     * Reads until the array is full.
     *
     * @return whether it is; not if the target finished before
     */
    boolean fill(byte[] into) throws IOException {
        int have = 0;
        while (have < into.length) {
            int more = hear(into, have);
            if (more < 0) {
                return false;
            }
            have += more;
        }
        return true;
    }

    /** Finishes and hears the rest out for a moment, so that the target sees an end and no reset. What goes wrong now does not matter. */
    void part() {
        deadline = nanos.getAsLong() + PARTING.toNanos();
        try {
            socket.shutdownOutput();
            byte[] rest = new byte[MAX_REST];
            int have = 0;
            int more = hear(rest, have);
            while (more > 0 && have + more < rest.length) {
                have += more;
                more = hear(rest, have);
            }
        } catch (IOException judgedAlready) {
            // The answer was judged before; this was for good manners.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static int millis(LongSupplier nanos, long deadline, int share) throws SocketTimeoutException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - nanos.getAsLong());
        if (left <= 0) {
            throw new SocketTimeoutException("the time for the answer is over");
        }
        return (int) Math.max(Math.min(left, Integer.MAX_VALUE) / share, 1);
    }
}
