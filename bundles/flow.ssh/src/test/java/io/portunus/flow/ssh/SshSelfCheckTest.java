// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SshSelfCheckTest {
    /** Takes everything for something else. */
    private static final Inspector BLIND = new Inspector() {
        @Override
        public String kind() {
            return SshInspector.KIND;
        }

        @Override
        public Inspection begin() {
            return new Inspection() {
                @Override
                public Verdict inspect(ByteBuffer bytes) {
                    return new Verdict.No(CloseReason.NOT_RECOGNISED, "blind");
                }

                @Override
                public byte[] refusal(CloseReason reason) {
                    return new byte[0];
                }
            };
        }
    };

    @Test
    void findsNothingWrong() {
        assertThat(new SshInspector().kind()).isEqualTo("ssh");
        assertThat(new SshSelfCheck().run()).isEmpty();
    }

    @Test
    void findsAnInspectorThatIsBlind() {
        assertThat(Sample.misread(BLIND)).hasSize(Sample.ALL.size()).extracting(Problem::code).containsOnly(ProblemCode.SELF_CHECK_FAILED);
    }

    /** Metamorphic: the answer depends on the bytes only. */
    @ParameterizedTest
    @MethodSource("samples")
    void answersTheSameForEveryTwoCuts(Sample sample) {
        byte[] bytes = sample.bytes();

        assertThat(Cuts.byteByByte(bytes)).isEqualTo(sample.expected());
        for (int first = 1; first < bytes.length; first++) {
            for (int second = first; second < Math.min(bytes.length, first + 40); second++) {
                Verdict seen = Cuts.verdict(new SshInspection(), bytes, first, second, bytes.length);
                if (!seen.equals(sample.expected())) {
                    assertThat(seen).as("cut at %s and %s", first, second).isEqualTo(sample.expected());
                }
            }
        }
    }

    static Iterable<Sample> samples() {
        return Sample.ALL;
    }
}
