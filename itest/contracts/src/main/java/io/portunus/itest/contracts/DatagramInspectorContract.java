// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.DatagramInspection;
import io.portunus.flow.spi.DatagramInspector;
import io.portunus.flow.spi.DatagramSample;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Problem;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every inspector of datagrams and its self-check hold to. */
public abstract class DatagramInspectorContract {
    private static final int ORDERS = 50;

    private final DatagramInspector inspector;
    private final SelfCheck selfCheck;
    private final List<DatagramSample> samples;

    /**
     * The contract of one inspector.
     *
     * @param inspector the inspector
     * @param selfCheck the self-check of its bundle
     * @param samples what the self-check reads
     */
    protected DatagramInspectorContract(DatagramInspector inspector, SelfCheck selfCheck, List<DatagramSample> samples) {
        this.inspector = inspector;
        this.selfCheck = selfCheck;
        this.samples = samples;
    }

    /** Takes everything for something else. */
    private record Blind(String kind) implements DatagramInspector, DatagramInspection {
        @Override
        public DatagramInspection begin() {
            return this;
        }

        @Override
        public Verdict inspect(ByteBuffer datagram) {
            return Verdict.foreign("blind");
        }

        @Override
        public int kept() {
            return 0;
        }

        @Override
        public byte[] refusal(CloseReason reason) {
            return new byte[0];
        }
    }

    @Test
    void selfCheckFindsNothingWrong() {
        assertThat(selfCheck.run()).isEmpty();
    }

    @Test
    void selfCheckFindsAnInspectorThatIsBlind() {
        assertThat(DatagramSample.misread(new Blind(inspector.kind()), samples)).hasSize(samples.size())
            .allSatisfy(p -> assertThat(p.path()).isEqualTo("datagram_inspector." + inspector.kind()))
            .extracting(Problem::code).containsOnly(SelfCheck.FAILED);
    }

    @Test
    void samplesAreOfBothSorts() {
        assertThat(samples).anyMatch(s -> s.expected() instanceof Verdict.Recognised).anyMatch(s -> s.expected() instanceof Verdict.No);
    }

    /** Metamorphic: networks change the order of datagrams, and bring some twice. */
    @Test
    void answersTheSameInEveryOrder() {
        Datagrams datagrams = new Datagrams(inspector::begin);
        for (DatagramSample sample : samples) {
            for (int seed = 0; seed < ORDERS; seed++) {
                List<byte[]> order = new ArrayList<>(sample.bytes());
                order.addAll(sample.bytes());
                Collections.shuffle(order, new Random(seed));
                assertThat(datagrams.verdict(order)).as("%s, order %s", sample.name(), seed).isEqualTo(sample.expected());
            }
        }
    }

    @Test
    void standsByItsVerdict() {
        for (DatagramSample sample : samples) {
            DatagramInspection inspection = inspector.begin();
            Verdict verdict = Datagrams.feed(inspection, sample.bytes());
            if (verdict != Verdict.MORE) {
                assertThat(inspection.inspect(ByteBuffer.allocate(1))).as(sample.name()).isSameAs(verdict);
            }
        }
    }

    /** What it keeps is counted; what a client sends bounds it, and its verdict frees it. */
    @Test
    void keepsNothingOnceItHasAVerdict() {
        for (DatagramSample sample : samples) {
            DatagramInspection inspection = inspector.begin();
            assertThat(inspection.kept()).isZero();
            if (Datagrams.feed(inspection, sample.bytes()) != Verdict.MORE) {
                assertThat(inspection.kept()).as(sample.name()).isZero();
            }
        }
    }

    /** What nobody has proven to have sent is not answered with more than was received, whoever is said to have sent it. */
    @Test
    void refusesWithLessThanItWasGiven() {
        for (DatagramSample sample : samples) {
            new Datagrams(inspector::begin).holdTogether(sample.bytes());
        }
    }

    @Test
    void hasAVerdictAfterAsManyDatagramsAsItIsGiven() {
        for (DatagramSample sample : samples) {
            List<byte[]> first = Collections.nCopies(DatagramInspection.MAX_DATAGRAMS, sample.bytes().getFirst());
            assertThat(new Datagrams(inspector::begin).verdict(first)).as(sample.name()).isNotEqualTo(Verdict.MORE);
        }
    }
}
