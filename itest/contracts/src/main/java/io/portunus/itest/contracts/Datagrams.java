// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.contracts;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.DatagramInspection;
import io.portunus.flow.spi.Verdict;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;

/**
 * Hands datagrams to inspections, as the engine does. Stateless.
 *
 * @param begin a new inspection
 */
public record Datagrams(Supplier<DatagramInspection> begin) {
    /** The verdict of an inspection on datagrams in this order, of which it gets none after a verdict and no more than it may be given. */
    public static Verdict feed(DatagramInspection inspection, List<byte[]> datagrams) {
        Verdict verdict = Verdict.MORE;
        for (int i = 0; i < Math.min(datagrams.size(), DatagramInspection.MAX_DATAGRAMS) && verdict == Verdict.MORE; i++) {
            verdict = inspect(inspection, datagrams.get(i));
        }
        return verdict;
    }

    /** The verdict of a new one. */
    public Verdict verdict(List<byte[]> datagrams) {
        return feed(begin.get(), datagrams);
    }

    /** The verdict of a new one on datagrams in the order that is written. */
    public Verdict verdict(byte[]... datagrams) {
        return verdict(List.of(datagrams));
    }

    /** Amid other bytes of a buffer that cannot be written, as a batch has it. */
    private static Verdict inspect(DatagramInspection inspection, byte[] bytes) {
        ByteBuffer datagram = ByteBuffer.allocateDirect(bytes.length + 2).put(1, bytes).position(1).limit(1 + bytes.length).asReadOnlyBuffer();
        Verdict verdict = inspection.inspect(datagram);
        if (datagram.position() != 1 || datagram.limit() != 1 + bytes.length) {
            throw new AssertionError("the inspection moved what is not its own");
        }
        return verdict;
    }

    /**
     * For fuzzing: no exception, a verdict after as many datagrams as it is given at most, refusals that amplify nothing, and no name that is none.
     *
     * @throws AssertionError if it is not so
     */
    public void holdTogether(List<byte[]> datagrams) {
        DatagramInspection inspection = begin.get();
        Verdict verdict = feed(inspection, datagrams);
        if (verdict == Verdict.MORE && datagrams.size() >= DatagramInspection.MAX_DATAGRAMS) {
            throw new AssertionError("no verdict after all that it may be given");
        }
        int received = datagrams.stream().mapToInt(datagram -> datagram.length).sum();
        for (CloseReason reason : CloseReason.known()) {
            if (inspection.refusal(reason).length > received) {
                throw new AssertionError(reason + " is told in more bytes than came");
            }
        }
        if (verdict instanceof Verdict.Recognised match) {
            match.prelude().serverName().ifPresent(Cuts::expectClean);
        }
    }
}
