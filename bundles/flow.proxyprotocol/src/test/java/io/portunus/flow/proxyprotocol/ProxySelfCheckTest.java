// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.FilterVerdict;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.HeaderFacts;
import io.portunus.flow.spi.ListenerFilter;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.Problem;
import io.portunus.model.Protocol;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ProxySelfCheckTest {
    /** The real filter, whose verdicts are changed. */
    private record SpoiledFilter(UnaryOperator<FilterVerdict> change) implements ListenerFilter {
        @Override
        public String kind() {
            return PROXY;
        }

        @Override
        public Filtering begin(Protocol protocol) {
            HeaderIn real = new HeaderIn(protocol);
            return bytes -> change.apply(real.filter(bytes));
        }
    }

    /** The real header, whose bytes are changed. */
    private record SpoiledHeader(UnaryOperator<byte[]> change) implements UpstreamHeader {
        @Override
        public String kind() {
            return PROXY;
        }

        @Override
        public byte[] bytes(HeaderFacts facts) {
            return change.apply(new HeaderOut(1).bytes(facts));
        }
    }

    @Test
    void findsNothingWrong() {
        assertThat(new ProxySelfCheck().run()).isEmpty();
    }

    @Test
    void findsAFilterThatDoesNotWaitForTheWholeHeader() {
        ListenerFilter spoiled = new SpoiledFilter(
            verdict -> verdict == FilterVerdict.MORE ? new FilterVerdict.Header(1, Facts.UNDECLARED) : verdict);

        assertThat(SampleHeader.broken(new ProxyHeader(), spoiled)).hasSameSizeAs(SampleHeader.ALL).extracting(Problem::code)
            .containsOnly(SelfCheck.FAILED);
    }

    @Test
    void findsAFilterThatLosesAddresses() {
        ListenerFilter spoiled = new SpoiledFilter(
            verdict -> verdict instanceof FilterVerdict.Header declared ? new FilterVerdict.Header(declared.length(), Facts.UNDECLARED) : verdict);

        assertThat(SampleHeader.broken(new ProxyHeader(), spoiled)).hasSize(7);
    }

    @Test
    void findsAHeaderThatWritesOtherBytes() {
        UpstreamHeader spoiled = new SpoiledHeader(bytes -> {
            bytes[bytes.length - 1] ^= 1;
            return bytes;
        });

        assertThat(SampleHeader.broken(spoiled, new ProxyFilter())).hasSameSizeAs(SampleHeader.ALL);
    }

    @Test
    void offersTheKindThatTheContractsName() {
        assertThat(new ProxyHeader().kind()).isEqualTo(UpstreamHeader.PROXY);
        assertThat(new ProxyFilter().kind()).isEqualTo(ListenerFilter.PROXY);
    }
}
