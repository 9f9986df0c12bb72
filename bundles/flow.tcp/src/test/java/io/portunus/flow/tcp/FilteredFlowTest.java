// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.MemoryFlow;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.flow.memory.SampleFilter;
import io.portunus.flow.spi.Filtering;
import io.portunus.model.Cidr;
import io.portunus.model.Match;
import io.portunus.model.ProxyTrust;
import io.portunus.model.SourceFilter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands before the client's own bytes, from somebody who is trusted with it. */
class FilteredFlowTest extends FlowInMemory {
    @Test
    void headerInPiecesIsTakenAway() {
        start(trusting(plain()));

        for (byte octet : ascii(">198.51.100.7;")) {
            assertThat(flow.attempts).isEmpty();
            client.peerSends(new byte[] {octet});
        }
        client.peerSends(ascii("hello"));

        assertThat(text(target.written())).isEqualTo("hello");
        assertThat(flow.in).isEqualTo(5);
        flow.end(CloseReason.KILLED);
    }

    @Test
    void headerAndPreludeInOneSegmentNeedNoMoreBytes() {
        start(trusting(rule("a", NAMED)));

        client.peerSends(ascii(">198.51.100.7;a!"));

        assertThat(text(target.written())).isEqualTo("a!");
        flow.end(CloseReason.KILLED);
    }

    @Test
    void bytesBehindTheHeaderReachThePlainTarget() {
        flow.targets = MemoryFlow.Manner.HANGS;
        start(trusting(plain()));

        client.peerSends(ascii(">198.51.100.7;one"));
        client.peerSends(ascii("two"));
        client.peerEnds();
        flow.answer();

        assertThat(text(target.written())).isEqualTo("onetwo");
        assertThat(target.outputEnded()).isTrue();
        target.peerEnds();
        endedBy(CloseReason.COMPLETED);
    }

    @Test
    void preludeBehindTheHeaderMayHaveAsManyBytesAsAnyOther() {
        start(trusting(rule("a", NAMED)));

        client.peerSends(ascii(">198.51.100.7;a" + "x".repeat(60_000)));
        client.peerSends(ascii("!"));

        assertThat(target.written()).hasSize(60_002);
        flow.end(CloseReason.KILLED);
    }

    @Test
    void sourceThatIsNotTrustedIsNotAskedForAHeader() {
        start(plain().withProxyTrust(new ProxyTrust(List.of(Cidr.parse("10.0.0.0/8").orElseThrow()), Duration.ofSeconds(5))));

        client.peerSends(ascii(">198.51.100.7;a"));

        assertThat(text(target.written())).isEqualTo(">198.51.100.7;a");
        flow.end(CloseReason.KILLED);
    }

    @Test
    void headerHasADeadlineOfItsOwnHoweverItDribbles() {
        start(trusting(plain()));
        loop.pass(Duration.ofMillis(4_999));
        client.peerSends(ascii(">"));
        assertThat(flow.closed).isEmpty();

        loop.pass(Duration.ofMillis(1));

        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        endedBy(SampleFilter.LATE);
    }

    @Test
    void deadlineOfThePreludeBeginsBehindTheHeader() {
        start(trusting(rule("a", NAMED)));
        loop.pass(Duration.ofSeconds(4));
        client.peerSends(ascii(">198.51.100.7;"));
        assertThat(flow.peeks).isEqualTo(1);

        loop.pass(Duration.ofMillis(2_999));
        assertThat(flow.closed).isEmpty();
        loop.pass(Duration.ofMillis(1));
        client.peerEnds();

        endedBy(CloseReason.PEEK_TIMEOUT);
    }

    @Test
    void preludeBegunInTheHeadersSegmentHasItsDeadlineAsWell() {
        start(trusting(rule("a", NAMED)));
        client.peerSends(ascii(">198.51.100.7;a"));

        loop.pass(Duration.ofSeconds(3));
        client.peerEnds();

        endedBy(CloseReason.PEEK_TIMEOUT);
    }

    @Test
    void somethingElseThanAHeaderIsReset() {
        start(trusting(plain()));

        client.peerSends(ascii("GET / HTTP/1.1"));

        assertThat(client.written()).isEmpty();
        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        endedBy(SampleFilter.MISSING);
    }

    @Test
    void brokenHeaderIsReset() {
        start(trusting(plain()));

        client.peerSends(ascii(">nobody;"));

        endedBy(SampleFilter.MALFORMED);
    }

    @Test
    void headerWithoutAnEndIsReadToItsBoundAndNotFurther() {
        start(trusting(plain()));

        client.peerSends(ascii(">" + "x".repeat(2 * Filtering.MAX_BYTES)));

        assertThat(client.unread()).isEqualTo(Filtering.MAX_BYTES + 1);
        endedBy(SampleFilter.MALFORMED);
    }

    @Test
    void declaredClientIsTheOneThatIsRouted() {
        SourceFilter declared = new SourceFilter(List.of(Cidr.parse("198.51.100.0/24").orElseThrow()), List.of());
        start(trusting(rule("a", NAMED.from(declared))));

        client.peerSends(ascii(">198.51.100.7;a!"));

        assertThat(text(target.written())).isEqualTo("a!");
        flow.end(CloseReason.KILLED);
    }

    @Test
    void declaredClientIsTheOneThatIsDenied() {
        SourceFilter declared = new SourceFilter(List.of(), List.of(Cidr.parse("198.51.100.0/24").orElseThrow()));
        start(trusting(rule("a", Match.ANY.from(declared))));

        client.peerSends(ascii(">198.51.100.7;a!"));

        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(flow.attempts).isEmpty();
        endedBy(CloseReason.SOURCE_DENIED);
    }

    @Test
    void declaredClientIsDeclaredToTheTarget() {
        start(trusting(plain().withTargets(group(List.of(takesHeader(FIRST))))));

        client.peerSends(ascii(">198.51.100.7;hello"));

        assertThat(text(target.written())).isEqualTo(">198.51.100.7;hello");
        assertThat(flow.in).isEqualTo(5);
        flow.end(CloseReason.KILLED);
    }

    @Test
    void withoutAFilterNobodyIsServed() {
        flow.filters.clear();

        start(trusting(plain()));

        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        endedBy(CloseReason.NO_HANDLER);
    }

    @Test
    void withoutAPlaceForItsHeaderItIsReset() {
        flow.refusesPeeks = true;

        start(trusting(plain()));

        endedBy(CloseReason.PEEK_CAPACITY);
    }

    @Test
    void clientThatLeavesBeforeItsHeaderIsClosed() {
        start(trusting(plain()));

        client.peerSends(ascii(">"));
        client.peerEnds();

        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.CLOSED);
        endedBy(CloseReason.CLOSED_DURING_PEEK);
    }

    @Test
    void clientThatResetsBeforeItsHeaderIsClosed() {
        start(trusting(plain()));

        clientResets();

        endedBy(CloseReason.CLOSED_DURING_PEEK);
    }

    @Test
    void operatorEndsAFlowThatWaitsForItsHeader() {
        start(trusting(plain()));

        flow.end(CloseReason.KILLED);

        endedBy(CloseReason.KILLED);
    }
}
