// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.MemoryFlow;
import io.portunus.flow.memory.MemoryLoop;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.flow.memory.SampleInspection;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client may do while its target is resolved and connected, in every order. */
class ConnectingFlowTest {
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

    private void start(Match match, String to) {
        flow.targets = MemoryFlow.Manner.HANGS;
        flow.inspections.put(Prelude.TLS, new SampleInspection());
        Rule rule = Rule.of(1, "r", List.of(PortRange.of(443)), match, TargetAddress.parse(to));
        Listener listener = ForwardingTable.compile(new RuleSet("1", List.of(rule))).listeners().iterator().next();
        new TcpHandler(loop::nanos).accepted(client, listener, flow);
    }

    private void startPlain() {
        start(Match.ANY, "192.0.2.1:9");
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private void completes() {
        target.peerSends(new byte[] {9});
        target.peerEnds();
        assertThat(client.written()).containsExactly(9);
        assertThat(flow.closed).containsExactly(CloseReason.COMPLETED);
    }

    @Test
    void clientThatResetsEndsTheAttemptAtOnce() {
        startPlain();

        client.peerResets(new byte[0]);
        client.announce();

        assertThat(flow.closed).containsExactly(CloseReason.DOWNSTREAM_RESET);
        assertThat(flow.cancelled).isEqualTo(1);
        assertThat(flow.connectFailures).isZero();
    }

    @Test
    void clientThatSendsAndResetsEndsTheAttemptAtOnce() {
        startPlain();

        client.peerSends(new byte[] {1, 2, 3});
        client.peerResets(new byte[] {4});
        client.announce();

        assertThat(flow.closed).containsExactly(CloseReason.DOWNSTREAM_RESET);
        assertThat(flow.cancelled).isEqualTo(1);
        assertThat(target.written()).isEmpty();
    }

    @Test
    void targetThatAnswersACancelledAttemptIsReset() {
        startPlain();
        client.peerResets(new byte[0]);
        client.announce();

        flow.answer();

        assertThat(target.fate()).isEqualTo(MemoryStream.Fate.RESET);
    }

    @Test
    void clientThatResetsEndsTheLookUpAtOnce() {
        flow.selection.waits = true;
        start(Match.ANY, "nobody.invalid:9");

        client.peerResets(new byte[0]);
        client.announce();

        assertThat(flow.closed).containsExactly(CloseReason.DOWNSTREAM_RESET);
        loop.pass(Duration.ofSeconds(5));
        assertThat(flow.attempts).isEmpty();
        assertThat(flow.selection.cancelled).isEqualTo(1);
        assertThat(flow.dnsFailures).isZero();
    }

    @Test
    void endBeforeTheTargetIsThereIsPassedOnBehindTheBytes() {
        startPlain();

        client.peerSends(new byte[] {1, 2});
        client.peerSends(new byte[] {3});
        client.peerEnds();
        assertThat(flow.closed).isEmpty();
        flow.answer();

        assertThat(target.written()).containsExactly(1, 2, 3);
        assertThat(target.outputEnded()).isTrue();
        assertThat(flow.in).isEqualTo(3);
        completes();
    }

    @Test
    void endAloneBeforeTheTargetIsThereIsPassedOn() {
        startPlain();

        client.peerEnds();
        flow.answer();

        assertThat(target.written()).isEmpty();
        assertThat(target.outputEnded()).isTrue();
        completes();
    }

    @Test
    void endWaitsUntilTheTargetTookWhatWasReadAhead() {
        startPlain();
        byte[] ahead = noise(10_000);
        client.peerSends(ahead);
        client.peerEnds();
        target.window(1000);

        flow.answer();

        assertThat(target.written()).hasSize(1000);
        assertThat(target.outputEnded()).isFalse();
        target.window(8999);
        assertThat(target.outputEnded()).isFalse();
        target.window(1);
        assertThat(target.written()).containsExactly(ahead);
        assertThat(target.outputEnded()).isTrue();
        completes();
    }

    @Test
    void endAfterTheTargetIsThereIsPassedOnAsEver() {
        startPlain();

        client.peerSends(new byte[] {1});
        flow.answer();
        client.peerSends(new byte[] {2});
        client.peerEnds();

        assertThat(target.written()).containsExactly(1, 2);
        assertThat(target.outputEnded()).isTrue();
        completes();
    }

    @Test
    void readsAheadNoFurtherThanItMay() {
        startPlain();
        byte[] much = noise(100_000);

        client.peerSends(Arrays.copyOf(much, 5000));
        client.peerSends(Arrays.copyOfRange(much, 5000, much.length));
        client.peerEnds();

        assertThat(much.length - client.unread()).isEqualTo(DownstreamWatch.MAX_AHEAD);
        flow.answer();
        client.announce();
        assertThat(target.written()).containsExactly(much);
        assertThat(target.outputEnded()).isTrue();
        completes();
    }

    @Test
    void replaysWhatWasReadAheadBehindThePrelude() {
        start(Match.ofSni(Optional.of(HostPattern.parse("a.test"))), "192.0.2.1:9");
        byte[] all = noise(3000 + DownstreamWatch.MAX_AHEAD);
        Arrays.fill(all, 0, 3000, (byte) 'x');
        all[0] = 'a';
        all[2999] = '!';

        client.peerSends(Arrays.copyOf(all, 3000));
        client.peerSends(Arrays.copyOfRange(all, 3000, all.length));
        assertThat(client.unread()).isZero();
        client.peerSends(new byte[] {1});
        assertThat(client.unread()).isEqualTo(1);
        flow.answer();
        client.announce();

        assertThat(target.written()).hasSize(all.length + 1).startsWith(all);
        flow.end(CloseReason.KILLED);
    }

    @Test
    void targetThatTakesNothingAndResetsEndsTheFlow() {
        startPlain();
        client.peerSends(new byte[] {1});
        target.peerResets(new byte[] {7});

        flow.answer();

        assertThat(client.written()).containsExactly(7);
        assertThat(flow.closed).containsExactly(CloseReason.UPSTREAM_RESET);
    }

    @Test
    void halfClosedClientIsResetWhenItsTargetDoesNotAnswer() {
        startPlain();
        client.peerSends(new byte[] {1});
        client.peerEnds();

        loop.pass(Duration.ofSeconds(3));

        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(flow.closed).containsExactly(CloseReason.CONNECT_TIMEOUT);
    }

    @Test
    void operatorEndsAFlowThatWasReadAhead() {
        startPlain();
        client.peerSends(new byte[] {1});

        flow.end(CloseReason.KILLED);

        assertThat(flow.cancelled).isEqualTo(1);
        assertThat(flow.closed).containsExactly(CloseReason.KILLED);
    }
}
