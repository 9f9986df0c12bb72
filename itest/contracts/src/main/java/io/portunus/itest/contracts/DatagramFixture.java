// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.contracts;

import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramEvents;
import io.portunus.flow.spi.DatagramFault;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;

/** Datagram sockets of a transport on the loopback, and waits with a deadline. */
public abstract class DatagramFixture {
    /** The loopback, any port. */
    protected static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    /** Looks, each a settled loop later, before something counts as lost: ten seconds of sockets. */
    protected static final int PATIENCE = 2_000;
    /** Looks that find nothing, before there is nothing more. */
    private static final int SILENCE = 10;

    /** What tests send from and receive into. */
    protected final DatagramBatch batch = new DatagramBatch(8, 1000);
    private final List<DatagramPort> open = new ArrayList<>();

    /** What the system knows of a datagram, and a transport may not. */
    protected enum Unknown {
        /** The bits of ECN with which it came. */
        MARK,
        /** To what local address it came, if that is one which no interface lists, as 127.0.0.2. */
        UNLISTED_ADDRESS
    }

    /** The one under test. */
    protected abstract Transport transport();

    /** Runs a step on a loop. */
    protected abstract <T> T on(EventLoop loop, Callable<T> step) throws Exception;

    /** What was sent has arrived when this returns, as a rule, and events were reported. */
    protected abstract void settle() throws Exception;

    /** What the one under test does not learn. */
    protected Set<Unknown> unknown() {
        return Set.of();
    }

    /** Closes what tests have opened. */
    @AfterEach
    protected void closeAll() throws Exception {
        for (DatagramPort port : open) {
            close(port);
        }
        open.clear();
    }

    /** Runs a step on the first loop. */
    protected <T> T on(Callable<T> step) throws Exception {
        return on(transport().loops().getFirst(), step);
    }

    /** Closes it, on its loop. */
    protected void close(DatagramPort port) throws Exception {
        on(port.loop(), () -> {
            port.close();
            return true;
        });
    }

    /** Opens one on a loop. */
    protected DatagramPort open(EventLoop loop, DatagramSpec spec) throws Exception {
        DatagramPort port = on(loop, () -> transport().datagrams(loop, spec)).orElseThrow();
        open.add(port);
        return port;
    }

    /** Opens one on the first loop. */
    protected DatagramPort open(DatagramSpec spec) throws Exception {
        return open(transport().loops().getFirst(), spec);
    }

    /** Opens one on the loopback. */
    protected DatagramPort open() throws Exception {
        return open(DatagramSpec.at(ANY_PORT));
    }

    /** The bytes of a text. */
    protected static ByteBuffer bytes(String text) {
        return StandardCharsets.US_ASCII.encode(text);
    }

    /** The text of an entry. */
    protected static String text(DatagramBatch of, int entry) {
        ByteBuffer copy = ByteBuffer.allocate(of.length(entry));
        of.copy(entry, copy);
        return StandardCharsets.US_ASCII.decode(copy.flip()).toString();
    }

    /** Sends datagrams in one batch; how many were sent. */
    protected int send(DatagramPort from, InetSocketAddress to, String... texts) throws Exception {
        return on(from.loop(), () -> {
            batch.clear();
            for (String text : texts) {
                batch.peer(batch.add(bytes(text)), to);
            }
            return from.send(batch, 0, batch.count());
        });
    }

    private List<String> receiveNow(DatagramPort port) throws Exception {
        return on(port.loop(), () -> {
            port.receive(batch);
            List<String> found = new ArrayList<>();
            for (int entry = 0; entry < batch.count(); entry++) {
                found.add(text(batch, entry));
            }
            return found;
        });
    }

    /** What comes next, at least one. */
    protected List<String> receive(DatagramPort port) throws Exception {
        for (int i = 0; i < PATIENCE; i++) {
            settle();
            List<String> texts = receiveNow(port);
            if (!texts.isEmpty()) {
                return texts;
            }
        }
        throw new AssertionError("nothing came");
    }

    /** What has come, of what was sent to sockets of this machine. */
    protected List<String> receiveAll(DatagramPort port) throws Exception {
        List<String> all = new ArrayList<>();
        for (int silent = 0; silent < SILENCE;) {
            settle();
            List<String> texts = receiveNow(port);
            silent = texts.isEmpty() ? silent + 1 : 0;
            all.addAll(texts);
        }
        return all;
    }

    /** Fetches one datagram, or one fault, an event, so that readiness has to be reported again. */
    final class Notified implements DatagramEvents {
        /** What came. */
        final List<String> texts = new ArrayList<>();
        /** What was learnt. */
        final List<DatagramFault> faults = new ArrayList<>();
        /** Times that there was room. */
        int writable;
        private final DatagramBatch one = new DatagramBatch(1, 100);

        /** Nothing has come yet. */
        Notified() {
            // A port is given to it by its events.
        }

        /** Begins to receive. */
        boolean asksForReads(DatagramPort port) {
            port.events(this);
            port.interest(true, false);
            return true;
        }

        @Override
        public void readable(DatagramPort port) {
            Optional<DatagramFault> fault = port.fault();
            fault.ifPresent(faults::add);
            if (fault.isEmpty() && port.receive(one) > 0) {
                texts.add(text(one, 0));
            }
        }

        @Override
        public void writable(DatagramPort port) {
            writable++;
            port.interest(false, false);
        }

        /** Waits for a datagram or a fault. */
        void awaitReadable() throws Exception {
            for (int i = 0; i < PATIENCE && on(() -> texts.isEmpty() && faults.isEmpty()); i++) {
                settle();
            }
        }
    }
}
