// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import io.portunus.model.Timeouts;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whole flows that policies limit or refuse. */
class CappedFlowTest extends FlowInMemory {
    private final StingyBudget in = new StingyBudget();
    private final StingyBudget out = new StingyBudget();

    private void startCapped() {
        flow.budgetIn = in;
        flow.budgetOut = out;
        start(plain());
    }

    @Test
    void eachDirectionHasItsOwnBudget() {
        startCapped();
        in.put(3);
        client.peerSends(ascii("request"));
        target.peerSends(ascii("answer"));
        assertThat(text(target.written())).isEqualTo("req");
        assertThat(client.written()).isEmpty();

        out.put(100);
        target.announce();
        in.put(100);
        client.announce();

        assertThat(text(client.written())).isEqualTo("answer");
        assertThat(text(target.written())).isEqualTo("request");
        assertThat(flow.in).isEqualTo(7);
        assertThat(flow.out).isEqualTo(6);
        flow.end(CloseReason.KILLED);
    }

    @Test
    void budgetThatComesWhileAFlowIsOpenHoldsFromTheNextReadOn() {
        start(plain());
        client.peerSends(ascii("before "));
        assertThat(text(target.written())).isEqualTo("before ");

        flow.budgetIn = in;
        client.peerSends(ascii("request"));
        assertThat(text(target.written())).isEqualTo("before ");
        in.put(100);
        client.announce();

        assertThat(text(target.written())).isEqualTo("before request");
        flow.end(CloseReason.KILLED);
    }

    @Test
    void halfCloseWaitsForTheBudgetAndLeavesTheOtherDirectionAlone() {
        startCapped();
        client.peerSends(ascii("request"));
        client.peerEnds();
        out.put(100);
        target.peerSends(ascii("early"));
        assertThat(text(client.written())).isEqualTo("early");
        assertThat(target.outputEnded()).isFalse();

        in.put(100);
        client.announce();
        assertThat(text(target.written())).isEqualTo("request");
        assertThat(target.outputEnded()).isTrue();
        target.peerSends(ascii(" late"));
        target.peerEnds();

        assertThat(text(client.written())).isEqualTo("early late");
        endedBy(CloseReason.COMPLETED);
    }

    @Test
    void flowThatIsKilledWhileItWaitsForItsBudgetMovesNothingMore() {
        startCapped();
        client.peerSends(ascii("request"));
        target.peerSends(ascii("answer"));

        flow.end(CloseReason.KILLED);
        in.put(100);
        out.put(100);

        assertThat(target.written()).isEmpty();
        assertThat(client.written()).isEmpty();
        assertThat(target.fate()).isEqualTo(MemoryStream.Fate.RESET);
        endedBy(CloseReason.KILLED);
    }

    @Test
    void targetThatResetsWhileItsAnswerWaitsForTheBudgetIsHeardOut() {
        startCapped();
        in.put(100);
        client.peerSends(ascii("a"));
        target.peerSends(ascii("busy"));
        assertThat(client.written()).isEmpty();
        target.peerResets(ascii(", bye"));

        client.peerSends(ascii("b"));

        assertThat(text(client.written())).startsWith("busy");
        endedBy(CloseReason.UPSTREAM_RESET);
    }

    @Test
    void bytesThatNoBudgetLetsThroughDoNotKeepAFlow() {
        flow.budgetIn = in;
        start(plain().withTimeouts(new Timeouts(Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(15), Duration.ofSeconds(80),
            Duration.ZERO, Duration.ZERO, Duration.ZERO)));
        client.peerSends(ascii("request"));
        for (int i = 0; i < 7; i++) {
            loop.pass(Duration.ofSeconds(79));
            in.put(1);
        }
        assertThat(text(target.written())).isEqualTo("request");

        loop.pass(Duration.ofSeconds(90));

        endedBy(CloseReason.IDLE_TIMEOUT);
    }

    @Test
    void refusedFlowIsResetBeforeAnyTargetIsSearched() {
        flow.refused = Optional.of(CloseReason.MAX_CONNECTIONS);

        client.peerSends(ascii("request"));
        start(plain());

        assertThat(flow.attempts).isEmpty();
        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(flow.routes).hasSize(1);
        endedBy(CloseReason.MAX_CONNECTIONS);
        // What was not begun is not released: the check after each test requires as many as there are routes.
        flow.selection.release();
    }

    @Test
    void refusedClientGetsItsProtocolsWord() {
        flow.refused = Optional.of(CloseReason.MAX_CONNECTIONS);
        flow.inspections.put(Prelude.TLS, new Inspection() {
            @Override
            public Verdict inspect(ByteBuffer bytes) {
                return new Verdict.Recognised(Prelude.tls("a.test"));
            }

            @Override
            public byte[] refusal(CloseReason reason) {
                return ascii(reason.code());
            }
        });
        start(rule("r", NAMED));

        client.peerSends(PRELUDE);
        client.peerEnds();

        assertThat(text(client.written())).isEqualTo("max_connections");
        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.CLOSED);
        assertThat(flow.attempts).isEmpty();
        endedBy(CloseReason.MAX_CONNECTIONS);
        flow.selection.release();
    }
}
