// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.MemoryFlow;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.flow.spi.ConnectFailure.Cause;
import io.portunus.flow.spi.HeaderFacts;
import io.portunus.flow.spi.TargetSelection.Failure;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.IpLiterals;
import io.portunus.model.Rule;
import io.portunus.model.SocketTuning;
import io.portunus.model.Sockets;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import io.portunus.model.Timeouts;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets and their endpoints, one after the other and beside each other, and the header that one may require. */
class ManyTargetsTest extends FlowInMemory {
    private static final String V4 = "192.0.2.10";
    private static final String V6 = "2001:db8:0:0:0:0:0:10";
    private static final String OTHER = "192.0.2.11";

    private static Duration millis(int count) {
        return Duration.ofMillis(count);
    }

    private void startName(String... addresses) {
        startName(plain(), addresses);
    }

    private void startName(Rule rule, String... addresses) {
        flow.targets = MemoryFlow.Manner.HANGS;
        flow.selection.names.put("host.test", Arrays.stream(addresses).map(text -> IpLiterals.parse(text).orElseThrow()).toList());
        start(rule.withTargets(group(List.of(Target.of(TargetAddress.parse("host.test:9"))))));
    }

    private void startHanging(Rule rule) {
        flow.targets = MemoryFlow.Manner.HANGS;
        start(rule);
    }

    private static Timeouts connecting(Duration attempt, Duration all) {
        return new Timeouts(Duration.ofSeconds(3), attempt, all, Duration.ZERO, Duration.ofMinutes(10), Duration.ZERO, Duration.ZERO);
    }

    private void open() {
        client.peerSends(ascii("x"));
        assertThat(text(target.written())).endsWith("x");
        assertThat(flow.closed).isEmpty();
        flow.end(CloseReason.KILLED);
    }

    // One target after the other.

    @Test
    void nextTargetTakesTheFlowWhenTheFirstRefuses() {
        flow.manners.put(FIRST, MemoryFlow.Manner.REFUSES);

        start(to(FIRST, SECOND));

        assertThat(flow.asked()).containsExactly(FIRST, SECOND);
        assertThat(flow.selection.failures).containsExactly(Failure.REFUSED);
        assertThat(flow.selection.connected).isEqualTo(flow.connected).extracting(e -> e.getAddress().getHostAddress()).containsExactly(SECOND);
        assertThat(flow.connectFailures).isEqualTo(1);
        open();
    }

    @Test
    void targetThatDoesNotAnswerIsLeftAfterTheTimeOfAnAttempt() {
        startHanging(to(FIRST, SECOND));
        loop.pass(millis(2_999));
        assertThat(flow.attempts).hasSize(1);

        loop.pass(millis(1));

        assertThat(flow.asked()).containsExactly(FIRST, SECOND);
        assertThat(flow.cancelled).isEqualTo(1);
        assertThat(flow.selection.failures).containsExactly(Failure.TIMEOUT);
        loop.pass(millis(40));
        flow.answer();
        assertThat(flow.selection.took).containsExactly(millis(40));
        open();
    }

    @Test
    void targetThatCouldNotEvenBeAskedIsNotReportedToHaveRefused() {
        startHanging(to(FIRST, SECOND));

        flow.fail(0, Cause.NOT_OURS);
        flow.fail(1, Cause.NO_DESCRIPTOR);

        assertThat(flow.selection.failures).containsExactly(Failure.LOCAL, Failure.LOCAL);
        endedBy(CloseReason.CONNECT_IMPOSSIBLE);
    }

    @Test
    void whyATargetFailedIsReported() {
        startHanging(to(FIRST, SECOND, "192.0.2.3", "192.0.2.4"));

        flow.fail(0, Cause.REFUSED);
        flow.fail(1, Cause.UNREACHABLE);
        flow.fail(2, Cause.TIMED_OUT);
        flow.fail(3, Cause.OTHER);

        assertThat(flow.selection.failures).containsExactly(Failure.REFUSED, Failure.UNREACHABLE, Failure.TIMEOUT, Failure.UNREACHABLE);
        assertThat(flow.connectFailures).isEqualTo(4);
        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        endedBy(CloseReason.CONNECT_FAILED);
    }

    @Test
    void asManyTargetsAsThereMayBeCanRefuseAtOnce() {
        flow.targets = MemoryFlow.Manner.REFUSES;

        start(to(IntStream.rangeClosed(1, 64).mapToObj(i -> "192.0.2." + i).toArray(String[]::new)));

        assertThat(flow.attempts).hasSize(64);
        endedBy(CloseReason.CONNECT_FAILED);
    }

    @Test
    void nameThatDoesNotResolveIsCounted() {
        start(to("nobody.test"));

        assertThat(flow.dnsFailures).isEqualTo(1);
        assertThat(flow.attempts).isEmpty();
        endedBy(CloseReason.DNS_FAILED);
    }

    @Test
    void nothingIsServedWithoutASelector() {
        flow.selects = false;

        start(plain());

        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(flow.selection.released).isZero();
        endedBy(CloseReason.NO_HANDLER);
        flow.routes.clear();
    }

    @Test
    void targetsTogetherHaveTheirTime() {
        startHanging(to(FIRST, SECOND, "192.0.2.3").withTimeouts(connecting(millis(3_000), millis(7_000))));

        loop.pass(millis(6_999));
        assertThat(flow.attempts).hasSize(3);
        assertThat(flow.closed).isEmpty();
        loop.pass(millis(1));

        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(flow.cancelled).isEqualTo(3);
        // The third had a second only, which proves nothing.
        assertThat(flow.selection.failures).containsExactly(Failure.TIMEOUT, Failure.TIMEOUT);
        endedBy(CloseReason.CONNECT_TIMEOUT);
    }

    @Test
    void targetThatHadAllTheTimeThereIsHasFailed() {
        startHanging(to(FIRST, SECOND).withTimeouts(connecting(millis(3_000), millis(2_000))));

        loop.pass(millis(2_000));

        assertThat(flow.selection.failures).containsExactly(Failure.TIMEOUT);
        endedBy(CloseReason.CONNECT_TIMEOUT);
    }

    @Test
    void searchForATargetIsBoundedAsWell() {
        flow.selection.waits = true;
        start(plain());

        loop.pass(Duration.ofSeconds(15));

        assertThat(flow.selection.cancelled).isEqualTo(1);
        assertThat(flow.selection.failures).isEmpty();
        endedBy(CloseReason.CONNECT_TIMEOUT);
    }

    @Test
    void targetThatIsFoundLaterIsConnected() {
        flow.selection.waits = true;
        start(plain());
        loop.pass(Duration.ofSeconds(1));

        flow.selection.answer();

        loop.pass(Duration.ofSeconds(30));
        open();
    }

    @Test
    void operatorEndsAFlowThatWaitsForTheSearch() {
        flow.selection.waits = true;
        start(plain());

        flow.end(CloseReason.KILLED);
        flow.selection.answer();

        assertThat(flow.attempts).isEmpty();
        endedBy(CloseReason.KILLED);
    }

    /** M2. */
    @Test
    void socketsAreAsTheRuleSets() {
        SocketTuning tuned = new SocketTuning(Duration.ofSeconds(10), Duration.ZERO, 0, Duration.ZERO, 0, 0);
        SocketTuning toClient = new SocketTuning(Duration.ofSeconds(20), Duration.ZERO, 0, Duration.ZERO, 0, 0);
        Optional<InetAddress> source = IpLiterals.parse("192.0.2.99");
        startName(with(new Sockets(toClient, tuned, source, Optional.empty())), V6, V4);

        assertThat(flow.asked()).containsExactly(V4);
        assertThat(flow.attempts.getFirst().spec().source()).isEqualTo(source);
        assertThat(flow.attempts.getFirst().spec().tuning()).isEqualTo(tuned);
        flow.answer();
        assertThat(client.tunings()).containsExactly(toClient);
        open();
    }

    private static Rule with(Sockets sockets) {
        Rule r = plain();
        return new Rule(r.id(), r.name(), r.description(), r.enabled(), r.bind(), r.listen(), r.match(), r.targets(), r.timeouts(), sockets,
            r.proxyTrust());
    }

    @Test
    void socketsOfARuleThatSetsNothingAreLeftAsTheyAre() {
        start(plain());

        assertThat(client.tunings()).isEmpty();
        flow.end(CloseReason.KILLED);
    }

    // Happy eyeballs.

    @Test
    void nextEndpointIsTriedAQuarterOfASecondAfterTheOneBefore() {
        startName(V6, V4, OTHER);
        loop.pass(millis(249));
        assertThat(flow.asked()).containsExactly(V6);

        loop.pass(millis(1));
        assertThat(flow.asked()).containsExactly(V6, V4);
        loop.pass(millis(250));
        assertThat(flow.asked()).containsExactly(V6, V4, OTHER);
        assertThat(flow.cancelled).isZero();

        loop.pass(millis(10));
        flow.answer(1);
        assertThat(flow.cancelled).isEqualTo(2);
        assertThat(flow.connected).isEqualTo(flow.selection.connected).extracting(e -> e.getAddress().getHostAddress()).containsExactly(V4);
        assertThat(flow.selection.took).containsExactly(millis(260));
        assertThat(flow.connectFailures).isZero();
        open();
    }

    @Test
    void nextEndpointIsTriedAtOnceWhenOneFails() {
        startName(V6, V4, OTHER);
        loop.pass(millis(100));

        flow.fail(0, Cause.REFUSED);

        assertThat(flow.asked()).containsExactly(V6, V4);
        loop.pass(millis(249));
        assertThat(flow.asked()).containsExactly(V6, V4);
        loop.pass(millis(1));
        assertThat(flow.asked()).containsExactly(V6, V4, OTHER);
        flow.answer(1);
        open();
    }

    @Test
    void endpointsThatRefuseAtOnceCostNoTime() {
        flow.manners.put(V6, MemoryFlow.Manner.REFUSES);
        flow.manners.put(V4, MemoryFlow.Manner.REFUSES);
        flow.manners.put(OTHER, MemoryFlow.Manner.ANSWERS);

        startName(V6, V4, OTHER);

        assertThat(flow.connected).hasSize(1);
        assertThat(flow.connectFailures).isEqualTo(2);
        assertThat(flow.selection.failures).isEmpty();
        open();
    }

    @Test
    void secondEndpointThatAnswersAtOnceWins() {
        flow.manners.put(V4, MemoryFlow.Manner.ANSWERS);
        startName(V6, V4);

        loop.pass(millis(250));

        assertThat(flow.cancelled).isEqualTo(1);
        assertThat(flow.selection.took).containsExactly(Duration.ZERO);
        open();
    }

    @Test
    void eachEndpointHasTheTimeOfAnAttempt() {
        startName(V6, V4);
        loop.pass(millis(3_000));
        assertThat(flow.cancelled).isEqualTo(1);
        assertThat(flow.closed).isEmpty();

        loop.pass(millis(250));

        assertThat(flow.cancelled).isEqualTo(2);
        assertThat(flow.connectFailures).isEqualTo(2);
        assertThat(flow.selection.failures).containsExactly(Failure.TIMEOUT);
        endedBy(CloseReason.CONNECT_TIMEOUT);
    }

    @Test
    void lastFailureCounts() {
        startName(V6, V4);
        loop.pass(millis(250));

        flow.fail(1, Cause.REFUSED);
        assertThat(flow.closed).isEmpty();
        flow.fail(0, Cause.UNREACHABLE);

        assertThat(flow.selection.failures).containsExactly(Failure.UNREACHABLE);
        endedBy(CloseReason.CONNECT_FAILED);
    }

    @Test
    void answerThatComesTooLateIsReset() {
        MemoryStream late = new MemoryStream(loop);
        flow.streams.put(V6, late);
        startName(V6, V4);
        loop.pass(millis(250));
        flow.answer(1);

        flow.answer(0);
        flow.fail(0, Cause.OTHER);

        assertThat(late.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(flow.connectFailures).isZero();
        open();
    }

    @Test
    void noMoreThanEightEndpointsAreTried() {
        flow.targets = MemoryFlow.Manner.REFUSES;
        startName(IntStream.rangeClosed(1, 20).mapToObj(i -> "192.0.2." + i).toArray(String[]::new));
        loop.pass(Duration.ofSeconds(15));

        assertThat(flow.attempts).hasSize(8);
        endedBy(CloseReason.CONNECT_TIMEOUT);
    }

    @Test
    void clientThatResetsCallsAllAttemptsOff() {
        startName(V6, V4, OTHER);
        loop.pass(millis(250));

        clientResets();

        assertThat(flow.cancelled).isEqualTo(2);
        endedBy(CloseReason.DOWNSTREAM_RESET);
    }

    @Test
    void clientThatResetsWhileTheSecondTargetIsTriedCallsItOff() {
        flow.manners.put(SECOND, MemoryFlow.Manner.HANGS);
        flow.manners.put(FIRST, MemoryFlow.Manner.REFUSES);
        start(to(FIRST, SECOND));

        clientResets();

        assertThat(flow.cancelled).isEqualTo(1);
        endedBy(CloseReason.DOWNSTREAM_RESET);
    }

    // The header before the bytes.

    private final MemoryStream second = new MemoryStream(loop);

    /** The first target stalls when {@code window} bytes of its header were taken. */
    private void startTwoWithHeader(int window) {
        flow.streams.put(SECOND, second);
        target.window(window);
        start(plain().withTargets(group(List.of(takesHeader(FIRST), takesHeader(SECOND)))));
    }

    @Test
    void headerGoesBeforeTheBytesAndIsNotCounted() {
        flow.targets = MemoryFlow.Manner.HANGS;
        start(plain().withTargets(group(List.of(takesHeader(FIRST)))));
        client.peerSends(ascii("early"));

        flow.answer();

        assertThat(text(target.written())).isEqualTo(">127.0.0.1;early");
        assertThat(flow.in).isEqualTo(5);
        flow.end(CloseReason.KILLED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10})
    void headerThatIsTakenInPiecesHoldsTheBytesBack(int window) {
        startTwoWithHeader(window);
        client.peerSends(ascii("hello"));
        client.peerEnds();
        assertThat(target.written()).hasSize(window);
        assertThat(flow.connected).isEmpty();

        target.window(4);
        target.window(1000);

        assertThat(text(target.written())).isEqualTo(">127.0.0.1;hello");
        assertThat(target.outputEnded()).isTrue();
        assertThat(flow.asked()).containsExactly(FIRST);
        target.peerEnds();
        endedBy(CloseReason.COMPLETED);
    }

    @Test
    void targetThatDoesNotTakeItsHeaderIsLeftForTheNext() {
        startTwoWithHeader(3);
        client.peerSends(ascii("hello"));
        loop.pass(millis(9_999));
        assertThat(flow.attempts).hasSize(1);

        loop.pass(millis(1));

        assertThat(target.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(flow.selection.failures).containsExactly(Failure.HEADER);
        assertThat(flow.connectFailures).isEqualTo(1);
        assertThat(text(second.written())).isEqualTo(">127.0.0.1;hello");
        assertThat(flow.selection.connected).extracting(e -> e.getAddress().getHostAddress()).containsExactly(SECOND);
        flow.end(CloseReason.KILLED);
    }

    @Test
    void targetThatResetsInsteadOfTakingItsHeaderIsLeftForTheNext() {
        target.peerResets(new byte[0]);

        startTwoWithHeader(Integer.MAX_VALUE);
        client.peerSends(ascii("hello"));

        assertThat(flow.selection.failures).containsExactly(Failure.HEADER);
        assertThat(text(second.written())).isEqualTo(">127.0.0.1;hello");
        flow.end(CloseReason.KILLED);
    }

    @Test
    void targetThatResetsAfterHalfItsHeaderIsLeftForTheNext() {
        startTwoWithHeader(3);
        target.peerResets(new byte[0]);

        target.window(1);

        assertThat(flow.selection.failures).containsExactly(Failure.HEADER);
        assertThat(text(second.written())).isEqualTo(">127.0.0.1;");
        flow.end(CloseReason.KILLED);
    }

    @Test
    void headersAreWrittenWithinTheTimeForAllTargets() {
        second.window(0);
        startTwoWithHeader(0);

        loop.pass(Duration.ofSeconds(15));

        assertThat(target.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(second.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(flow.selection.failures).containsExactly(Failure.HEADER, Failure.HEADER);
        endedBy(CloseReason.CONNECT_TIMEOUT);
    }

    @Test
    void targetThatRequiresAHeaderGetsNothingWithoutOne() {
        flow.headers.clear();
        flow.streams.put(SECOND, second);
        start(plain().withTargets(group(List.of(takesHeader(FIRST), Target.of(TargetAddress.parse(SECOND + ":9"))))));
        client.peerSends(ascii("hello"));

        assertThat(target.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(target.written()).isEmpty();
        assertThat(flow.selection.failures).containsExactly(Failure.HEADER);
        assertThat(text(second.written())).isEqualTo("hello");
        flow.end(CloseReason.KILLED);
    }

    @Test
    void headerWithoutBytesIsNone() {
        flow.headers.put(UpstreamHeader.PROXY, new UpstreamHeader() {
            @Override
            public String kind() {
                return PROXY;
            }

            @Override
            public byte[] bytes(HeaderFacts facts) {
                return new byte[0];
            }
        });
        target.window(0);
        start(plain().withTargets(group(List.of(takesHeader(FIRST)))));

        assertThat(flow.connected).hasSize(1);
        flow.end(CloseReason.KILLED);
    }

    @Test
    void defectOfATimerEndsTheFlow() {
        flow.manners.put(FIRST, MemoryFlow.Manner.HANGS);
        flow.headers.put(UpstreamHeader.PROXY, new UpstreamHeader() {
            @Override
            public String kind() {
                return PROXY;
            }

            @Override
            public byte[] bytes(HeaderFacts facts) {
                throw new IllegalStateException("a defect");
            }
        });
        start(plain().withTargets(group(List.of(takesHeader(FIRST), takesHeader(SECOND)))));

        loop.pass(Duration.ofSeconds(3));

        assertThat(flow.defects).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(target.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        endedBy(CloseReason.INTERNAL_ERROR);
    }

    @Test
    void clientThatResetsWhileTheHeaderWaitsResetsTheTarget() {
        startTwoWithHeader(3);

        clientResets();

        assertThat(target.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(flow.attempts).hasSize(1);
        endedBy(CloseReason.DOWNSTREAM_RESET);
    }

    @Test
    void operatorEndsAFlowWhoseHeaderWaits() {
        startTwoWithHeader(3);

        flow.end(CloseReason.TARGET_DOWN);

        assertThat(target.fate()).isEqualTo(MemoryStream.Fate.RESET);
        endedBy(CloseReason.TARGET_DOWN);
    }
}
