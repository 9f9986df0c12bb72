// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.SocketTuning;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One connected stream: a socket of a transport, or what a {@link StreamLayer} has put upon one; who uses it knows no difference. Confined to
 * {@link #loop()}: every method but {@link #local()} and {@link #peer()} is called there only.
 * What peers can cause is an answer, never an exception. After {@link #close()} or {@link #reset()} every call answers {@link #RESET} or
 * does nothing.
 *
 * <p>A reset stays a reset: after a call that was answered {@link #RESET}, {@link #read} may return bytes that had arrived, but never
 * {@link #END}. The system reports an error of a socket to one call only, and an end to all that follow. (A write after {@link #endOutput} is
 * no such call: it asks the system nothing.)
 */
@ConsumerType
public interface Stream {
    /** Answer of {@link #read}: the peer has sent FIN and everything was read. */
    int END = -1;
    /** Answer of {@link #read} and {@link #write}: the connection was reset, timed out or closed. */
    int RESET = -2;

    /** The loop it is confined to. */
    EventLoop loop();

    /** Local address; IPv4-mapped addresses are folded to IPv4. */
    InetSocketAddress local();

    /** Remote address; IPv4-mapped addresses are folded to IPv4. */
    InetSocketAddress peer();

    /** Reads what is there into the buffer: bytes read, 0 for nothing now, {@link #END}, or {@link #RESET}. */
    int read(ByteBuffer to);

    /** Writes what the socket takes: bytes written, 0 for nothing now, or {@link #RESET}. */
    int write(ByteBuffer from);

    /** Registers interest in events; both off means silence. Readiness is level-triggered. */
    void interest(boolean read, boolean write);

    /** Sets who is notified of events; replaces the former one, and is let go with the stream. */
    void events(StreamEvents events);

    /**
     * Bytes that {@link #write} took and the system has not: a socket has none, a layer may have what it could not pass on. Who has ended the
     * output and waits for the end of everything waits for these, as for room to write; {@link #close} loses them.
     */
    default int unsent() {
        return 0;
    }

    /**
     * The descriptor of its socket, for native calls on its loop; it is valid until the stream is closed.
     *
     * @return -1 when there is none or it cannot be found out, as in memory or below a layer
     */
    int descriptor();

    /** Sets options of the socket, as far as it has them; what cannot be set stays as it is. */
    void tune(SocketTuning tuning);

    /** Sends FIN after what was written; reading goes on. */
    void endOutput();

    /** Closes both directions; unread input makes the system send RST instead of FIN. */
    void close();

    /** Closes by RST (SO_LINGER 0, socket(7)). */
    void reset();
}
