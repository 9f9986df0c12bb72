// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramInspection;
import io.portunus.flow.spi.DatagramListener;
import io.portunus.flow.spi.Verdict;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The look at what one client sends first, by an inspector of each kind that its listener asks for; the first that recognises it is right. Datagrams
 * that one of them found flawed are refused unless another one recognises them. Confined to the listener's loop.
 */
final class Look {
    private static final Verdict NOT_RECOGNISED = Verdict.foreign("no rule of the listener is for such datagrams");
    private static final byte[] NOTHING = {};

    private final List<DatagramInspection> standing;
    /** Who knows the client's protocol: the one that recognised it, or found it flawed. */
    private @Nullable DatagramInspection respondent;
    private Verdict flaw = NOT_RECOGNISED;
    private int seen;

    private Look(List<DatagramInspection> all) {
        standing = new ArrayList<>(all);
    }

    /** Begins one; empty when an inspector is missing. */
    static Optional<Look> begin(DatagramListener listener, InetAddress client) {
        List<DatagramInspection> all = new ArrayList<>();
        for (String kind : listener.routes().inspects()) {
            Optional<DatagramInspection> one = listener.inspect(kind, client);
            if (one.isEmpty()) {
                return Optional.empty();
            }
            all.add(one.get());
        }
        return Optional.of(new Look(all));
    }

    /** Looks at entries in turn, until there is a verdict other than {@link Verdict#MORE}. */
    Verdict inspect(DatagramBatch batch, int first, int end) {
        Verdict verdict = Verdict.MORE;
        for (int entry = first; entry < end && verdict == Verdict.MORE; entry++) {
            ByteBuffer memory = batch.memory();
            int at = batch.offset(entry);
            verdict = batch.truncated(entry) ? Verdict.MORE
                : inspect(memory.duplicate().limit(at + batch.length(entry)).position(at).slice().asReadOnlyBuffer());
        }
        return verdict;
    }

    private Verdict inspect(ByteBuffer datagram) {
        seen++;
        for (Iterator<DatagramInspection> left = standing.iterator(); left.hasNext();) {
            DatagramInspection inspection = left.next();
            switch (inspection.inspect(datagram.duplicate())) {
                case Verdict.Recognised match -> {
                    respondent = inspection;
                    return match;
                }
                case Verdict.No no -> {
                    left.remove();
                    if (no.flawed()) {
                        respondent = inspection;
                        flaw = no;
                    }
                }
                case Verdict.More more -> { }
            }
        }
        return standing.isEmpty() || seen == DatagramInspection.MAX_DATAGRAMS ? flaw : Verdict.MORE;
    }

    /** Bytes that its inspections have taken. */
    int kept() {
        return standing.stream().mapToInt(DatagramInspection::kept).sum();
    }

    /** What to answer a client that is refused; nothing where nobody knows its protocol. */
    byte[] refusal(CloseReason reason) {
        DatagramInspection its = respondent;
        return its == null ? NOTHING : its.refusal(reason);
    }
}
