// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.MemoryFlow;
import io.portunus.flow.memory.MemoryLoop;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.flow.memory.SampleInspection;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Inspection;
import io.portunus.model.ForwardingTable;
import io.portunus.model.HostPattern;
import io.portunus.model.Listener;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Prelude;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole flows, in memory. Each ends with no timer left and with one close. */
class TcpFlowTest {
    private static final byte[] PRELUDE = {'a', '!'};
    private static final Match NAMED = Match.ofSni(Optional.of(HostPattern.parse("a.test")));

    private final MemoryLoop loop = new MemoryLoop();
    private final MemoryStream client = new MemoryStream(loop);
    private final MemoryStream target = new MemoryStream(loop);
    private final MemoryFlow flow = new MemoryFlow(client, target);

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(flow.closed).hasSize(1);
        assertThat(flow.peeks).isZero();
        assertThat(loop.pending()).isZero();
        assertThat(flow.selection.released).isEqualTo(flow.routes.size());
        assertThat(client.fate()).isNotEqualTo(MemoryStream.Fate.OPEN);
    }

    private void start(Match... matches) {
        List<Rule> rules = new ArrayList<>();
        for (Match match : matches) {
            rules.add(Rule.of(rules.size(), "r" + rules.size(), List.of(PortRange.of(443)), match,
                TargetAddress.parse("192.0.2.1:9")));
        }
        Listener listener = ForwardingTable.compile(new RuleSet("1", rules)).listeners().iterator().next();
        new TcpHandler(loop::nanos).accepted(client, listener, flow);
    }

    private void startPlain() {
        start(Match.ANY);
    }

    private void startNamed() {
        flow.inspections.put(Prelude.TLS, new SampleInspection());
        start(NAMED);
    }

    @Test
    void movesBytesBothWaysAndPassesEachEndOn() {
        startPlain();

        client.peerSends(new byte[] {1, 2, 3});
        target.peerSends(new byte[] {4});
        client.peerEnds();

        assertThat(target.written()).containsExactly(1, 2, 3);
        assertThat(target.outputEnded()).isTrue();
        assertThat(flow.closed).isEmpty();
        target.peerSends(new byte[] {5});
        target.peerEnds();
        assertThat(client.written()).containsExactly(4, 5);
        assertThat(flow.closed).containsExactly(CloseReason.COMPLETED);
        assertThat(flow.in).isEqualTo(3);
        assertThat(flow.out).isEqualTo(2);
    }

    @Test
    void replaysThePreludeAndWhatFollowsIt() {
        startNamed();

        client.peerSends(new byte[] {'a'});
        client.peerSends(new byte[] {'x', '!'});
        client.peerSends(new byte[] {'m', 'o', 'r', 'e'});

        assertThat(target.written()).containsExactly('a', 'x', '!', 'm', 'o', 'r', 'e');
        flow.end(CloseReason.KILLED);
    }

    @Test
    void readsNoMoreThanTheOtherSideTakes() {
        startPlain();
        target.window(1000);

        client.peerSends(new byte[1 << 20]);

        assertThat(target.written()).hasSize(1000);
        assertThat((1 << 20) - client.unread()).isLessThanOrEqualTo(EventLoop.SCRATCH_BYTES);
        for (int i = 0; i < 1000 && client.unread() > 0; i++) {
            target.window(100_000);
            client.announce();
        }
        target.window(1 << 20);
        client.peerEnds();
        assertThat(target.written()).hasSize(1 << 20);
        assertThat(target.outputEnded()).isTrue();
        flow.end(CloseReason.DRAINED);
        assertThat(flow.closed).containsExactly(CloseReason.DRAINED);
    }

    @Test
    void endWaitsForTheBytesBeforeIt() {
        startPlain();
        target.window(2);
        client.peerSends(new byte[] {1, 2, 3, 4});
        client.peerEnds();

        assertThat(target.outputEnded()).isFalse();

        target.window(10);
        client.announce();
        assertThat(target.written()).containsExactly(1, 2, 3, 4);
        assertThat(target.outputEnded()).isTrue();
        flow.end(CloseReason.KILLED);
    }

    @Test
    void resetIsPassedOnAsResetAfterTheLastWords() {
        startPlain();

        target.peerResets(new byte[] {7, 8});
        target.announce();

        assertThat(client.written()).containsExactly(7, 8);
        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(flow.closed).containsExactly(CloseReason.UPSTREAM_RESET);
    }

    @Test
    void resetThatIsNoticedByWritingStillDeliversTheLastWords() {
        startPlain();
        target.peerResets(new byte[] {7, 8});

        client.peerSends(new byte[] {1});

        assertThat(client.written()).containsExactly(7, 8);
        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(flow.closed).containsExactly(CloseReason.UPSTREAM_RESET);
    }

    @Test
    void clientResetReachesTheTargetAsReset() {
        startPlain();

        client.peerResets(new byte[] {1});
        client.announce();

        assertThat(target.written()).containsExactly(1);
        assertThat(target.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(flow.closed).containsExactly(CloseReason.DOWNSTREAM_RESET);
    }

    @Test
    void refusedTargetAnswersByReset() {
        flow.targets = MemoryFlow.Manner.REFUSES;

        startPlain();

        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(flow.closed).containsExactly(CloseReason.CONNECT_FAILED);
        assertThat(flow.connectFailures).isEqualTo(1);
    }

    @Test
    void targetThatDoesNotAnswerIsGivenUpAfterThreeSeconds() {
        flow.targets = MemoryFlow.Manner.HANGS;
        startPlain();
        loop.pass(Duration.ofMillis(2_999));
        assertThat(flow.closed).isEmpty();

        loop.pass(Duration.ofMillis(1));

        assertThat(flow.closed).containsExactly(CloseReason.CONNECT_TIMEOUT);
        assertThat(flow.attempts).hasSize(1);
    }

    @Test
    void openFlowIsNotTouchedByTheDeadlineOfItsConnecting() {
        startPlain();

        loop.pass(Duration.ofSeconds(10));

        assertThat(flow.attempts).hasSize(1);
        assertThat(flow.closed).isEmpty();
        flow.end(CloseReason.KILLED);
    }

    @Test
    void nameOfNoRuleIsRefusedAndTouchesNoTarget() {
        startNamed();

        client.peerSends(new byte[] {'b', '!'});
        client.peerEnds();

        assertThat(client.written()).containsExactly('N', 'O');
        assertThat(client.outputEnded()).isTrue();
        assertThat(flow.attempts).isEmpty();
        assertThat(flow.closed).containsExactly(CloseReason.NO_MATCHING_NAME);
    }

    @Test
    void refusedClientThatStaysIsClosedAfterASecond() {
        startNamed();
        client.peerSends(new byte[] {'?'});
        assertThat(flow.closed).isEmpty();

        loop.pass(Duration.ofSeconds(1));

        assertThat(flow.closed).containsExactly(CloseReason.NOT_TLS);
    }

    @Test
    void silentClientIsGivenUpAfterThreeSecondsHoweverItDribbles() {
        startNamed();
        loop.pass(Duration.ofMillis(2_999));
        client.peerSends(new byte[] {'a'});
        loop.pass(Duration.ofMillis(1));
        client.peerEnds();

        assertThat(flow.closed).containsExactly(CloseReason.PEEK_TIMEOUT);
    }

    /** S17. */
    @Test
    void preludeWithoutAnEndIsRefusedAt64Kibibytes() {
        startNamed();

        client.peerSends(new byte[Inspection.MAX_BYTES + 1]);
        client.peerEnds();

        assertThat(flow.closed).containsExactly(CloseReason.HELLO_MALFORMED);
    }

    @Test
    void clientThatLeavesWhileItIsReadIsClosed() {
        startNamed();

        client.peerSends(new byte[] {'a'});
        client.peerEnds();

        assertThat(flow.closed).containsExactly(CloseReason.CLOSED_DURING_PEEK);
    }

    @Test
    void connectionWithoutAPlaceForItsPeekIsReset() {
        flow.refusesPeeks = true;

        startNamed();

        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(flow.closed).containsExactly(CloseReason.PEEK_CAPACITY);
    }

    @Test
    void operatorEndsAFlowThatWaitsForItsPrelude() {
        startNamed();

        flow.end(CloseReason.KILLED);

        assertThat(flow.closed).containsExactly(CloseReason.KILLED);
    }

    @Test
    void operatorEndsAFlowThatWaitsForItsTarget() {
        flow.targets = MemoryFlow.Manner.HANGS;
        startNamed();
        client.peerSends(PRELUDE);

        flow.end(CloseReason.KILLED);

        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(flow.closed).containsExactly(CloseReason.KILLED);
    }

    // Several kinds.

    private static final Match KNOCK = Match.ofKind("knock");

    private void startNamedOrKnock() {
        flow.inspections.put(Prelude.TLS, new SampleInspection());
        flow.inspections.put("knock", new KnockInspection("knock"));
        start(NAMED, KNOCK);
    }

    @Test
    void kindThatAnInspectorRecognisesIsRouted() {
        startNamedOrKnock();

        client.peerSends(new byte[] {'k'});
        client.peerSends(new byte[] {'k', 'k', 1});

        assertThat(target.written()).containsExactly('k', 'k', 'k', 1);
        flow.end(CloseReason.KILLED);
    }

    @Test
    void nameIsRoutedBesideAnotherKind() {
        startNamedOrKnock();

        client.peerSends(PRELUDE);

        assertThat(target.written()).containsExactly(PRELUDE);
        flow.end(CloseReason.KILLED);
    }

    @Test
    void bytesOfNoKindAreNotRecognised() {
        startNamedOrKnock();

        client.peerSends(new byte[] {'?'});
        client.peerEnds();

        assertThat(flow.attempts).isEmpty();
        assertThat(client.written()).isEmpty();
        assertThat(flow.closed).containsExactly(CloseReason.NOT_RECOGNISED);
    }

    @Test
    void nameOfNoRuleIsRefusedInTheWordsOfItsKind() {
        startNamedOrKnock();

        client.peerSends(new byte[] {'b', '!'});
        client.peerEnds();

        assertThat(client.written()).containsExactly('N', 'O');
        assertThat(flow.closed).containsExactly(CloseReason.NO_MATCHING_NAME);
    }

    @Test
    void onlyKindGivesItsOwnReason() {
        flow.inspections.put("knock", new KnockInspection("knock"));
        start(KNOCK);

        client.peerSends(new byte[] {'x'});
        client.peerEnds();

        assertThat(client.written()).containsExactly('n', 'o', 't', '_', 't', 'l', 's');
        assertThat(flow.closed).containsExactly(CloseReason.NOT_TLS);
    }

    @Test
    void kindWithoutAnInspectorIsReset() {
        start(NAMED, KNOCK);

        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(flow.closed).containsExactly(CloseReason.NO_HANDLER);
    }

    @Test
    void kindWithoutAnInspectorCostsTheOthersOfThePortNothing() {
        flow.inspections.put("knock", new KnockInspection("knock"));
        start(NAMED, KNOCK);

        client.peerSends(new byte[] {'k', 'k', 'k'});

        assertThat(flow.routes).singleElement().satisfies(route -> assertThat(route.rule().match()).isEqualTo(KNOCK));
        flow.end(CloseReason.KILLED);
    }

    @Test
    void whatNobodyKnowsMayBeOfTheKindThatIsMissing() {
        flow.inspections.put("knock", new KnockInspection("knock"));
        start(NAMED, KNOCK);

        client.peerSends(new byte[] {'x'});

        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(client.written()).isEmpty();
        assertThat(flow.closed).containsExactly(CloseReason.NO_HANDLER);
    }

    @Test
    void restIsTakenUnseenWhereNobodyIsLeftToLook() {
        start(NAMED, Match.ofKind(Match.REST));

        assertThat(flow.routes).singleElement().satisfies(route -> assertThat(route.rule().match().kind()).contains(Match.REST));
        flow.end(CloseReason.KILLED);
    }
}
