// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.PreludeSample;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Problem;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every inspector and its self-check hold to. */
public abstract class InspectorContract {
    /** Of longer samples not every pair of cuts is tried, only those that are this close. */
    private static final int NEAR = 40;

    private final Inspector inspector;
    private final SelfCheck selfCheck;
    private final List<PreludeSample> samples;

    /**
     * The contract of one inspector.
     *
     * @param inspector the inspector
     * @param selfCheck the self-check of its bundle
     * @param samples what the self-check reads
     */
    protected InspectorContract(Inspector inspector, SelfCheck selfCheck, List<PreludeSample> samples) {
        this.inspector = inspector;
        this.selfCheck = selfCheck;
        this.samples = samples;
    }

    /** Takes everything for something else. */
    private record Blind(String kind) implements Inspector, Inspection {
        @Override
        public Inspection begin() {
            return this;
        }

        @Override
        public Verdict inspect(ByteBuffer bytes) {
            return Verdict.foreign("blind");
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
        assertThat(PreludeSample.misread(new Blind(inspector.kind()), samples)).hasSize(samples.size())
            .allSatisfy(p -> assertThat(p.path()).isEqualTo("inspector." + inspector.kind()))
            .extracting(Problem::code).containsOnly(SelfCheck.FAILED);
    }

    @Test
    void samplesAreOfBothSorts() {
        assertThat(samples).anyMatch(s -> s.expected() instanceof Verdict.Recognised).anyMatch(s -> s.expected() instanceof Verdict.No);
    }

    /** Metamorphic: the answer depends on the bytes only. */
    @Test
    void answersTheSameForEveryTwoCuts() {
        Cuts cuts = new Cuts(inspector::begin);
        for (PreludeSample sample : samples) {
            byte[] bytes = sample.bytes();
            assertThat(cuts.byteByByte(bytes)).as(sample.name()).isEqualTo(sample.expected());
            for (int first = 1; first < bytes.length; first++) {
                for (int second = first; second < Math.min(bytes.length, first + NEAR); second++) {
                    Verdict seen = cuts.verdict(bytes, first, second, bytes.length);
                    if (!seen.equals(sample.expected())) {
                        assertThat(seen).as("%s, cut at %s and %s", sample.name(), first, second).isEqualTo(sample.expected());
                    }
                }
            }
        }
    }
}
