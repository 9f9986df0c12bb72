// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.MemoryFlow;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.LayerHost;
import io.portunus.flow.spi.StreamLayer;
import io.portunus.flow.spi.TargetSelection.Failure;
import io.portunus.itest.testkit.XorLayer;
import io.portunus.model.Layers;
import io.portunus.model.Rule;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The stage SECURE, on the client's side, and what becomes of it on the target's. */
class SecuredFlowTest extends FlowInMemory {
    private static final Layers CLIENT_SIDE = new Layers(Optional.of(XorLayer.KIND), Optional.empty());
    private static final Layers TARGET_SIDE = new Layers(Optional.empty(), Optional.of(XorLayer.KIND));
    /** By its first byte and its last one a prelude of the rehearsals, and by its length one of the layer's. */
    private static final byte[] NAMED_PRELUDE = {'a', 0, 0, 0, 1, '!'};
    private static final byte[] DONE = ascii("ok");
    private static final byte[] ANSWER = ascii("XOR");
    private static final byte[] END = {0, 0};

    SecuredFlowTest() {
        flow.layers.put(XorLayer.KIND, new XorLayer());
    }

    @AfterEach
    void nothingIsHeld() {
        assertThat(flow.kept).isZero();
        assertThat(flow.spilled).isZero();
    }

    @Override
    int selections() {
        return flow.selection.begun;
    }

    private static Rule wrapped(Rule rule, Layers layers) {
        return rule.withSockets(rule.sockets().withLayers(layers));
    }

    private static byte[] record(byte[] plain) {
        byte[] masked = new byte[plain.length];
        for (int i = 0; i < plain.length; i++) {
            masked[i] = (byte) (plain[i] ^ 0x5A);
        }
        return ByteBuffer.allocate(2 + plain.length).putShort((short) plain.length).put(masked).array();
    }

    private static byte[] all(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** What layers put off to the next round. */
    private void round() {
        for (int i = 0; i < 3; i++) {
            loop.pass(Duration.ZERO);
        }
    }

    private void sends(MemoryStream peer, byte[]... parts) {
        peer.peerSends(all(parts));
        round();
    }

    @Test
    void handshakeComesBeforeTheTargetIsSearched() {
        start(wrapped(plain(), CLIENT_SIDE));

        sends(client, NAMED_PRELUDE);
        assertThat(client.written()).isEqualTo(ANSWER);
        assertThat(flow.attempts).isEmpty();
        sends(client, DONE);
        assertThat(flow.connected).hasSize(1);

        sends(client, record(ascii("hello")), END);
        assertThat(target.written()).isEqualTo(ascii("hello"));
        assertThat(target.outputEnded()).isTrue();
        target.peerSends(ascii("there"));
        target.peerEnds();
        round();
        assertThat(client.written()).isEqualTo(all(ANSWER, record(ascii("there")), END));
        endedBy(CloseReason.COMPLETED);
    }

    @Test
    void whatWasReadForRoutingIsReadOnceMore() {
        start(wrapped(rule("a", NAMED), CLIENT_SIDE));

        for (byte octet : NAMED_PRELUDE) {
            sends(client, new byte[] {octet});
        }
        sends(client, DONE, record(ascii("early")));

        assertThat(target.written()).isEqualTo(ascii("early"));
        flow.end(CloseReason.KILLED);
        endedBy(CloseReason.KILLED);
    }

    @Test
    void bytesBehindTheHandshakeWaitForTheTarget() {
        flow.targets = MemoryFlow.Manner.HANGS;
        start(wrapped(plain(), CLIENT_SIDE));
        sends(client, NAMED_PRELUDE);
        sends(client, DONE, record(ascii("one")), record(ascii("two")));

        flow.answer();
        round();

        assertThat(target.written()).isEqualTo(ascii("onetwo"));
        flow.end(CloseReason.KILLED);
    }

    @Test
    void clientThatDoesNotFinishIsReset() {
        start(wrapped(plain(), CLIENT_SIDE));
        sends(client, NAMED_PRELUDE);

        loop.pass(Handshake.LIMIT);

        assertThat(client.wasReset()).isTrue();
        endedBy(CloseReason.SECURE_TIMEOUT);
    }

    @Test
    void clientThatSendsSomethingElseIsLetGoInPeace() {
        start(wrapped(plain(), CLIENT_SIDE));
        sends(client, NAMED_PRELUDE);
        sends(client, ascii("no"));

        client.peerEnds();

        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.CLOSED);
        endedBy(CloseReason.SECURE_FAILED);
    }

    @Test
    void operatorEndsAFlowInItsHandshake() {
        start(wrapped(rule("a", NAMED), CLIENT_SIDE));
        sends(client, Arrays.copyOf(NAMED_PRELUDE, 3));
        sends(client, Arrays.copyOfRange(NAMED_PRELUDE, 3, 6));

        flow.end(CloseReason.KILLED);

        assertThat(client.wasReset()).isTrue();
        endedBy(CloseReason.KILLED);
    }

    @Test
    void ruleOfALayerThatNobodyHasTakesNothing() {
        flow.layers.clear();
        start(wrapped(plain(), CLIENT_SIDE));

        assertThat(flow.attempts).isEmpty();
        endedBy(CloseReason.NO_HANDLER);
    }

    @Test
    void targetGetsItsHeaderAndThenItsHandshake() {
        start(wrapped(plain().withTargets(group(List.of(takesHeader(FIRST)))), TARGET_SIDE));
        sends(client, ascii("hello"));
        byte[] header = ascii(">127.0.0.1;");
        byte[] prelude = {'x', 0, 0, 0, 1, '!'};
        assertThat(target.written()).isEqualTo(all(header, prelude));

        sends(target, ANSWER);

        assertThat(target.written()).isEqualTo(all(header, prelude, DONE, record(ascii("hello"))));
        client.peerEnds();
        sends(target, record(ascii("there")), END);
        assertThat(client.written()).isEqualTo(ascii("there"));
        endedBy(CloseReason.COMPLETED);
    }

    @Test
    void targetThatDoesNotKnowTheLayerGivesWayToTheNext() {
        MemoryStream second = new MemoryStream(loop);
        flow.streams.put(SECOND, second);
        start(wrapped(to(FIRST, SECOND), TARGET_SIDE));

        sends(target, ascii("SSH"));

        assertThat(target.wasReset()).isTrue();
        assertThat(flow.selection.failures).containsExactly(Failure.LAYER);
        sends(second, ANSWER);
        assertThat(flow.connected).hasSize(1);
        sends(second, END);
        client.peerEnds();
        round();
        endedBy(CloseReason.COMPLETED);
    }

    @Test
    void targetSideOfALayerThatNobodyHasIsNoFaultOfTheTarget() {
        flow.layers.clear();
        start(wrapped(to(FIRST, SECOND), TARGET_SIDE));

        assertThat(flow.selection.failures).isEmpty();
        assertThat(target.wasReset()).isTrue();
        endedBy(CloseReason.NO_HANDLER);
    }

    @Test
    void targetThatDoesNotFinishIsLeft() {
        start(wrapped(plain(), TARGET_SIDE));

        loop.pass(Handshake.LIMIT);

        assertThat(flow.selection.failures).containsExactly(Failure.LAYER);
        endedBy(CloseReason.CONNECT_FAILED);
    }

    @Test
    void endWaitsForWhatTheLayerHasNotPassedOn() {
        start(wrapped(plain(), CLIENT_SIDE));
        sends(client, NAMED_PRELUDE);
        sends(client, DONE);
        client.window(1);
        sends(client, END);
        target.peerSends(ascii("there"));
        target.peerEnds();
        round();
        assertThat(flow.closed).isEmpty();
        assertThat(client.outputEnded()).isFalse();

        client.window(Integer.MAX_VALUE);
        round();

        assertThat(client.written()).isEqualTo(all(ANSWER, record(ascii("there")), END));
        assertThat(client.outputEnded()).isTrue();
        endedBy(CloseReason.COMPLETED);
    }

    @Test
    void layerThatReportsNothingIsCalledOff() {
        boolean[] calledOff = {false};
        flow.layers.put(XorLayer.KIND, new StreamLayer() {
            @Override
            public String kind() {
                return XorLayer.KIND;
            }

            @Override
            public Cancellable begin(LayerHost host) {
                return () -> calledOff[0] = true;
            }
        });
        start(wrapped(plain(), CLIENT_SIDE));

        loop.pass(Handshake.LIMIT);

        assertThat(calledOff[0]).isTrue();
        endedBy(CloseReason.SECURE_TIMEOUT);
    }
}
