// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.PreludeSample;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.flow.spi.Verdict;
import io.portunus.itest.contracts.InspectorContract;
import io.portunus.model.Prelude;
import io.portunus.model.Problem;
import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class TlsSelfCheckTest extends InspectorContract {
    TlsSelfCheckTest() {
        super(new TlsInspector(), new TlsSelfCheck(), SampleClientHellos.ALL);
    }

    /** The real inspector, whose verdicts are changed. */
    private record Spoiled(UnaryOperator<Verdict> change) implements Inspector {
        @Override
        public String kind() {
            return Prelude.TLS;
        }

        @Override
        public Inspection begin() {
            TlsInspection real = new TlsInspection();
            return new Inspection() {
                @Override
                public Verdict inspect(ByteBuffer bytes) {
                    return change.apply(real.inspect(bytes));
                }

                @Override
                public byte[] refusal(CloseReason reason) {
                    return real.refusal(reason);
                }
            };
        }
    }

    @Test
    void findsAnInspectorThatLosesNames() {
        Inspector spoiled = new Spoiled(verdict -> verdict instanceof Verdict.Recognised ? new Verdict.Recognised(Prelude.of(Prelude.TLS)) : verdict);

        assertThat(PreludeSample.misread(spoiled, SampleClientHellos.ALL)).hasSize(4).extracting(Problem::code).containsOnly(SelfCheck.FAILED);
    }

    @Test
    void findsAnInspectorThatDoesNotWaitForTheWholeClientHello() {
        Inspector spoiled = new Spoiled(verdict -> verdict == Verdict.MORE ? new Verdict.Recognised(Prelude.tls("www.example.com")) : verdict);

        assertThat(PreludeSample.misread(spoiled, SampleClientHellos.ALL)).extracting(Problem::text)
            .anyMatch(text -> text.startsWith("the sample 'TLS 1.3 with name and alpn', cut behind byte 1, is taken for Recognised"));
    }

    @Test
    void findsAnInspectorThatTakesFlawsForClientHellos() {
        Inspector spoiled = new Spoiled(verdict -> verdict instanceof Verdict.No ? new Verdict.Recognised(Prelude.of(Prelude.TLS)) : verdict);

        assertThat(PreludeSample.misread(spoiled, SampleClientHellos.ALL)).hasSize(6);
    }
}
