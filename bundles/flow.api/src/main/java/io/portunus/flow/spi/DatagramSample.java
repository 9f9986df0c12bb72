// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.Offer;
import io.portunus.model.Problem;
import io.portunus.model.Protocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The first datagrams of a client, with the verdict that a {@link DatagramInspector} owes them in whatever order they come: what
 * {@link PreludeSample} is to connections. Immutable.
 *
 * @param name what it is, for people
 * @param expected the verdict once all have come; {@link Verdict#MORE} where it may not know yet
 * @param datagrams half of {@link DatagramInspection#MAX_DATAGRAMS} at most, since each also comes twice; the bytes as {@link PreludeSample} has them
 */
public record DatagramSample(String name, Verdict expected, List<String> datagrams) {
    /** Copies the list. */
    public DatagramSample {
        datagrams = List.copyOf(datagrams);
    }

    /** The bytes of each. */
    public List<byte[]> bytes() {
        return datagrams.stream().map(octets -> octets.getBytes(StandardCharsets.ISO_8859_1)).toList();
    }

    /** The wrong verdicts of an inspector on samples as they are, backwards, and with each datagram twice; one problem a sample at most. */
    public static List<Problem> misread(DatagramInspector inspector, List<DatagramSample> samples) {
        return samples.stream().flatMap(sample -> sample.misread(inspector).stream()).toList();
    }

    private Optional<Problem> misread(DatagramInspector inspector) {
        List<byte[]> forward = bytes();
        List<byte[]> backward = new ArrayList<>(forward);
        Collections.reverse(backward);
        List<byte[]> twice = forward.stream().flatMap(datagram -> Collections.nCopies(2, datagram).stream()).toList();
        return problem(inspector, "as it is", forward).or(() -> problem(inspector, "backwards", backward))
            .or(() -> problem(inspector, "each datagram twice", twice));
    }

    private Optional<Problem> problem(DatagramInspector inspector, String how, List<byte[]> order) {
        DatagramInspection inspection = inspector.begin();
        Verdict last = Verdict.MORE;
        for (int i = 0; i < order.size() && last == Verdict.MORE; i++) {
            last = inspection.inspect(ByteBuffer.wrap(order.get(i)));
        }
        String path = Offer.inspector(Protocol.UDP, inspector.kind()).toString();
        return last.equals(expected) ? Optional.empty() : Optional.of(Problem.of(SelfCheck.FAILED, path,
            "the sample '" + name + "', " + how + ", is taken for " + last + " and should be " + expected));
    }
}
