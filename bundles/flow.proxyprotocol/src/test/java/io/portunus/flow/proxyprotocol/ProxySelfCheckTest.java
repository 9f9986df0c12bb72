// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.Filtering.Outcome;
import io.portunus.flow.spi.ListenerFilter;
import io.portunus.flow.spi.PreludeFacts;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.flow.spi.UpstreamPrelude;
import io.portunus.model.Problem;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ProxySelfCheckTest {
    /** The real filter, whose outcomes are changed. */
    private record SpoiledFilter(UnaryOperator<Outcome> change) implements ListenerFilter {
        @Override
        public String kind() {
            return PROXY;
        }

        @Override
        public Filtering begin() {
            HeaderIn real = new HeaderIn();
            return bytes -> change.apply(real.filter(bytes));
        }
    }

    /** The real prelude, whose bytes are changed. */
    private record SpoiledPrelude(UnaryOperator<byte[]> change) implements UpstreamPrelude {
        @Override
        public String kind() {
            return PROXY;
        }

        @Override
        public byte[] bytes(PreludeFacts facts) {
            return change.apply(new HeaderOut(1).bytes(facts));
        }
    }

    @Test
    void findsNothingWrong() {
        assertThat(new ProxySelfCheck().run()).isEmpty();
    }

    @Test
    void findsAFilterThatDoesNotWaitForTheWholeHeader() {
        ListenerFilter spoiled = new SpoiledFilter(outcome -> outcome == Outcome.MORE ? new Outcome.Told(1, Facts.UNTOLD) : outcome);

        assertThat(SampleHeader.broken(new ProxyPrelude(), spoiled)).hasSameSizeAs(SampleHeader.ALL).extracting(Problem::code)
            .containsOnly(SelfCheck.FAILED);
    }

    @Test
    void findsAFilterThatLosesAddresses() {
        ListenerFilter spoiled = new SpoiledFilter(
            outcome -> outcome instanceof Outcome.Told told ? new Outcome.Told(told.length(), Facts.UNTOLD) : outcome);

        assertThat(SampleHeader.broken(new ProxyPrelude(), spoiled)).hasSize(6);
    }

    @Test
    void findsAPreludeThatWritesOtherBytes() {
        UpstreamPrelude spoiled = new SpoiledPrelude(bytes -> {
            bytes[bytes.length - 1] ^= 1;
            return bytes;
        });

        assertThat(SampleHeader.broken(spoiled, new ProxyFilter())).hasSameSizeAs(SampleHeader.ALL);
    }

    @Test
    void offersTheKindThatTheContractsName() {
        assertThat(new ProxyPrelude().kind()).isEqualTo(UpstreamPrelude.PROXY);
        assertThat(new ProxyFilter().kind()).isEqualTo(ListenerFilter.PROXY);
    }
}
