// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.flow.memory.SampleInspection;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Cidr;
import io.portunus.model.Match;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import io.portunus.model.SourceFilter;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A port with a name, and a rule for whatever nobody recognises. */
class UnknownProtocolTest extends FlowInMemory {
    private static final Rule REST = rule("rest", new Match(Optional.of(Match.REST), Optional.empty(), List.of(), SourceFilter.ANY,
        Duration.ofMillis(500))).withTargets(TargetGroup.of(TargetAddress.parse(SECOND + ":9")));

    private void startBoth() {
        start(rule("named", NAMED), REST);
    }

    private static final CloseReason OWN = new CloseReason("acme.not_ours", CloseReason.Side.SELF, "The client speaks another protocol.");

    private void routedTo(String host) {
        assertThat(flow.asked()).containsExactly(host);
        flow.end(CloseReason.KILLED);
    }

    /** Finds a flaw in what begins with {@code '%'}, as an inspector does that knows its protocol's first byte. */
    private static final class Particular implements Inspection {
        @Override
        public Verdict inspect(ByteBuffer bytes) {
            return bytes.get(0) == '%' ? Verdict.flawed("flawed") : Verdict.foreign("foreign");
        }

        @Override
        public byte[] refusal(CloseReason reason) {
            return new byte[] {'%'};
        }
    }

    @Test
    void clientThatWaitsForTheServerIsRoutedWhenItWasSilentForLongEnough() {
        startBoth();
        loop.pass(Duration.ofMillis(499));
        assertThat(flow.attempts).isEmpty();

        loop.pass(Duration.ofMillis(1));
        target.peerSends(ascii("220 ready"));

        assertThat(text(client.written())).isEqualTo("220 ready");
        assertThat(flow.routes.getFirst().match()).isEqualTo(Route.MatchedBy.REST);
        routedTo(SECOND);
    }

    @Test
    void clientThatSpokeInTimeIsAwaited() {
        startBoth();
        loop.pass(Duration.ofMillis(400));
        client.peerSends(ascii("a"));
        loop.pass(Duration.ofMillis(2_500));
        assertThat(flow.attempts).isEmpty();

        client.peerSends(ascii("!"));

        assertThat(target.written()).containsExactly(PRELUDE);
        routedTo(FIRST);
    }

    /** S7. */
    @Test
    void silenceIsBoundedByTheTimeForThePrelude() {
        Match patient = new Match(Optional.of(Match.REST), Optional.empty(), List.of(), SourceFilter.ANY, Duration.ofSeconds(60));
        start(rule("named", NAMED), rule("rest", patient).withTargets(REST.targets()));

        loop.pass(Duration.ofSeconds(3));

        routedTo(SECOND);
    }

    @Test
    void bytesOfNobodyAreRoutedWithWhatWasRead() {
        startBoth();

        client.peerSends(ascii("?what"));
        client.peerSends(ascii("ever"));

        assertThat(text(target.written())).isEqualTo("?whatever");
        routedTo(SECOND);
    }

    @Test
    void bytesOfNoneOfSeveralAreRoutedAsWell() {
        flow.inspections.put("knock", new KnockInspection("knock"));
        start(rule("named", NAMED), rule("knock", Match.ofKind("knock")), REST);

        client.peerSends(ascii("?"));

        routedTo(SECOND);
    }

    @Test
    void slowProtocolIsRoutedWithWhatWasReadWhenItsTimeIsOver() {
        startBoth();
        client.peerSends(ascii("slo"));
        loop.pass(Duration.ofSeconds(2));
        client.peerSends(ascii("w"));
        assertThat(flow.attempts).isEmpty();

        loop.pass(Duration.ofSeconds(1));
        client.peerSends(ascii(" one"));

        assertThat(text(target.written())).isEqualTo("slow one");
        routedTo(SECOND);
    }

    /** An inspector of somebody else has reasons of its own; what counts is whether it claims the bytes. */
    private record Stranger(boolean claims) implements Inspection {
        @Override
        public Verdict inspect(ByteBuffer bytes) {
            return claims ? Verdict.flawed(OWN, "not as it should be") : Verdict.foreign(OWN, "not ours");
        }

        @Override
        public byte[] refusal(CloseReason reason) {
            return reason.equals(OWN) ? new byte[] {'%'} : new byte[0];
        }
    }

    @Test
    void bytesThatAnInspectorDoesNotClaimAreRoutedWhateverItsReason() {
        flow.inspections.put(Prelude.TLS, new Stranger(false));
        startBoth();

        client.peerSends(ascii("x"));

        routedTo(SECOND);
    }

    @Test
    void bytesThatItClaimsAreRefusedForItsReasonAndWithItsWord() {
        flow.inspections.put(Prelude.TLS, new Stranger(true));
        startBoth();

        client.peerSends(ascii("x"));
        client.peerEnds();

        assertThat(text(client.written())).isEqualTo("%");
        endedBy(OWN);
    }

    @Test
    void withoutARuleForTheRestTheReasonOfTheInspectorIsTheFlows() {
        flow.inspections.put(Prelude.TLS, new Stranger(false));
        start(rule("named", NAMED));

        client.peerSends(ascii("x"));
        client.peerEnds();

        endedBy(OWN);
    }

    /** S3. */
    @Test
    void malformedPreludeIsRefusedAndNotRouted() {
        flow.inspections.put(Prelude.TLS, new Particular());
        startBoth();

        client.peerSends(ascii("%"));
        client.peerEnds();

        assertThat(text(client.written())).isEqualTo("%");
        assertThat(flow.routes).isEmpty();
        endedBy(CloseReason.HELLO_MALFORMED);
    }

    @Test
    void malformedPreludeIsRefusedEvenIfAnotherInspectorGivesUpLater() {
        flow.inspections.put(Prelude.TLS, new Particular());
        flow.inspections.put("letters", new SampleInspection());
        start(rule("named", NAMED), rule("letters", Match.ofKind("letters")), REST);

        client.peerSends(ascii("%"));
        loop.pass(Duration.ofSeconds(3));
        client.peerEnds();

        assertThat(flow.routes).isEmpty();
        endedBy(CloseReason.PEEK_TIMEOUT);
    }

    @Test
    void malformedPreludeIsRefusedWhenTheOthersDoNotKnowIt() {
        flow.inspections.put(Prelude.TLS, new Particular());
        flow.inspections.put("knock", new KnockInspection("knock"));
        start(rule("named", NAMED), rule("knock", Match.ofKind("knock")), REST);

        client.peerSends(ascii("%"));
        client.peerEnds();

        assertThat(text(client.written())).isEqualTo("%");
        assertThat(flow.routes).isEmpty();
        endedBy(CloseReason.HELLO_MALFORMED);
    }

    @Test
    void preludeWithoutAnEndIsNotRoutedEither() {
        startBoth();

        client.peerSends(new byte[Inspection.MAX_BYTES + 1]);
        client.peerEnds();

        assertThat(flow.routes).isEmpty();
        endedBy(CloseReason.HELLO_MALFORMED);
    }

    @Test
    void clientThatLeavesInSilenceIsClosed() {
        startBoth();

        client.peerEnds();

        assertThat(flow.routes).isEmpty();
        endedBy(CloseReason.CLOSED_DURING_PEEK);
    }

    @Test
    void clientThatResetsInSilenceIsClosed() {
        startBoth();

        clientResets();

        endedBy(CloseReason.CLOSED_DURING_PEEK);
    }

    @Test
    void silentClientBehindAHeaderWaitsFromThereOn() {
        start(trusting(rule("named", NAMED)), trusting(REST));
        loop.pass(Duration.ofSeconds(4));
        client.peerSends(ascii(">198.51.100.7;"));

        loop.pass(Duration.ofMillis(499));
        assertThat(flow.attempts).isEmpty();
        loop.pass(Duration.ofMillis(1));

        routedTo(SECOND);
    }

    @Test
    void deniedClientOfAPlainRuleIsReset() {
        start(rule("r", Match.ANY.from(new SourceFilter(List.of(), List.of(Cidr.parse("127.0.0.1/32").orElseThrow())))));

        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        endedBy(CloseReason.SOURCE_DENIED);
    }

    @Test
    void deniedClientIsRefusedInTheWordsOfItsProtocol() {
        flow.inspections.put("knock", new KnockInspection("knock"));
        start(rule("k", Match.ofKind("knock").from(new SourceFilter(List.of(), List.of(Cidr.parse("127.0.0.1/32").orElseThrow())))));

        client.peerSends(ascii("kkk"));
        client.peerEnds();

        assertThat(text(client.written())).isEqualTo("source_denied");
        endedBy(CloseReason.SOURCE_DENIED);
    }
}
