// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.model.Match;
import io.portunus.model.Offer;
import io.portunus.model.PortRange;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Protocol;
import io.portunus.model.Rule;
import io.portunus.model.TargetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules of a kind that nobody recognises take nothing, and cost the others of their port nothing; who may be back in a moment is waited for. */
class EngineMissingKindTest extends EngineSetup {
    private final Named tls = new Named("tls");

    private static Rule ofKind(String name, int port, String kind) {
        return Rule.of(name.hashCode(), name, List.of(PortRange.of(port)), Match.ofKind(kind), TargetAddress.parse("t.test:1"));
    }

    @BeforeEach
    void handle() {
        run(handler, "1.0.0");
        comes(tls, Post.inspector(Protocol.TCP, "tls"), "x.tls", "1.0.0");
    }

    @Test
    void kindThatNobodyEverServedHoldsNobodyUp() {
        apply(rule("a", 1, "a.test"));
        loop.pass(Absences.GRACE);

        apply(rule("a", 1, "a.test"), ofKind("typo", 1, "tlss"));
        MemoryStream client = transport.connectTo(1);

        assertThat(handler.flows).hasSize(1);
        assertThat(client.wasReset()).isFalse();
        assertThat(engine.unserved()).containsExactly(Offer.inspector(Protocol.TCP, "tlss"));
        assertThat(engine.lacks()).singleElement().satisfies(p -> {
            assertThat(p.code()).isEqualTo(ProblemCode.NO_HANDLER);
            assertThat(p.path()).isEqualTo("inspector.tlss");
            assertThat(p.text()).contains("'typo'").contains("did you mean 'tls'?");
        });
    }

    @Test
    void ruleThatTakesNothingDegradesTheNodeAndAPartThatWentFromAPortOfItsOwnHaltsIt() {
        ForwardingReadiness readiness = new ForwardingReadiness(engine, new Owners(engine));
        apply(rule("a", 1, "a.test"), ofKind("typo", 2, "tlss"));
        assertThat(readiness.problems()).hasSize(1);

        loop.pass(Absences.GRACE);
        assertThat(readiness.problems()).isEmpty();
        assertThat(readiness.degraded()).singleElement().satisfies(p -> assertThat(p.path()).isEqualTo("inspector.tlss"));
        engine.goes(tls);
        loop.pass(Absences.GRACE);

        assertThat(readiness.problems()).singleElement().satisfies(p -> {
            assertThat(p.path()).isEqualTo("inspector.tls");
            assertThat(p.text()).contains("deploy a bundle that brings one; x.tls, which had it, is not installed");
        });
    }

    @Test
    void nodeThatMayServeInPartIsReadyWithoutAListener() {
        ForwardingReadiness readiness = new ForwardingReadiness(engine, new Owners(engine));
        transport.taken.add(2);
        apply(rule("a", 1, ""), rule("b", 2, ""));
        assertThat(readiness.problems()).hasSize(1);

        engine.partial(true);

        assertThat(readiness.problems()).isEmpty();
        assertThat(readiness.degraded()).singleElement().satisfies(p -> assertThat(p.path()).isEqualTo("listen *:2"));
    }

    @Test
    void atTheStartItIsWaitedForSinceServicesComeInAnyOrder() {
        apply(rule("a", 1, "a.test"), ofKind("web", 1, "http"));
        transport.connectTo(1);
        assertThat(handler.flows).isEmpty();

        comes(new Named("http"), Post.inspector(Protocol.TCP, "http"), "x.http", "1.0.0");

        assertThat(handler.flows).hasSize(1);
        assertThat(engine.lacks()).isEmpty();
        assertThat(engine.unserved()).isEmpty();
    }

    @Test
    void whoWaitsForAKindThatDoesNotComeIsServedByTheOthers() {
        apply(rule("a", 1, "a.test"), ofKind("web", 1, "http"));
        loop.pass(Duration.ofSeconds(1));
        MemoryStream client = transport.connectTo(1);

        loop.pass(Absences.GRACE.minusSeconds(1));

        assertThat(handler.flows).hasSize(1);
        assertThat(client.wasReset()).isFalse();
    }

    @Test
    void kindThatWentIsWaitedForBrieflyAndThenPassedOver() {
        Named http = new Named("http");
        comes(http, Post.inspector(Protocol.TCP, "http"), "x.http", "1.0.0");
        apply(rule("a", 1, "a.test"), ofKind("web", 1, "http"));
        loop.pass(Duration.ofSeconds(60));

        engine.goes(http);
        transport.connectTo(1);
        assertThat(handler.flows).isEmpty();
        loop.pass(Absences.GRACE);
        assertThat(handler.flows).hasSize(1);
        transport.connectTo(1);

        assertThat(handler.flows).hasSize(2);
        comes(http, Post.inspector(Protocol.TCP, "http"), "x.http", "1.0.1");
        assertThat(engine.unserved()).isEmpty();
    }

    @Test
    void portThatHasNothingElseIsWaitedForToTheLast() {
        apply(rule("a", 1, "a.test"));
        loop.pass(Duration.ofSeconds(60));
        engine.goes(tls);
        loop.pass(Duration.ofMillis(100));
        MemoryStream client = transport.connectTo(1);

        loop.pass(HandlerQueue.PATIENCE.minusMillis(50));
        assertThat(client.wasReset()).isFalse();
        assertThat(handler.flows).isEmpty();
        loop.pass(Duration.ofMillis(50));

        assertThat(client.wasReset()).isTrue();
        assertThat(engine.counts().closed()).containsEntry(CloseReason.NO_HANDLER, 1L);
    }

    @Test
    void timesOfAConnectionThatWaitedBeginWithItsAccept() {
        sink(new Records(records));
        apply(rule("a", 1, "a.test"));
        engine.goes(tls);
        transport.connectTo(1);

        loop.pass(HandlerQueue.PATIENCE);

        assertThat(records).singleElement().satisfies(r -> {
            assertThat(r.reason()).isEqualTo(CloseReason.NO_HANDLER);
            assertThat(r.totalNanos()).isGreaterThanOrEqualTo(HandlerQueue.PATIENCE.toNanos());
        });
    }

    @Test
    void listenerThatFailedIsTriedAgainByItselfAfterLongerAndLongerPauses() {
        transport.taken.add(2);
        List<Problem> problems = apply(rule("a", 1, ""), rule("b", 2, ""));
        assertThat(problems).singleElement().satisfies(p -> assertThat(p.text()).contains("tries it again by itself"));
        int before = transport.attempts;

        List.of(1, 1, 2, 4, 8, 16, 30, 30).forEach(seconds -> loop.pass(Duration.ofSeconds(seconds)));
        assertThat(transport.attempts - before).isEqualTo(7);
        transport.taken.clear();
        loop.pass(ListenRetry.LONGEST);

        assertThat(engine.unbound()).isEmpty();
        assertThat(transport.bound).containsKeys(1, 2);
        int bound = transport.attempts;
        loop.pass(Duration.ofMinutes(5));
        assertThat(transport.attempts).isEqualTo(bound);
    }

    @Test
    void listenerThatIsTriedAgainNoMoreIsForgotten() {
        transport.taken.add(2);
        apply(rule("a", 1, ""), rule("b", 2, ""));

        apply(rule("a", 1, ""));
        int before = transport.attempts;
        loop.pass(Duration.ofMinutes(5));

        assertThat(transport.attempts).isEqualTo(before);
        assertThat(engine.unbound()).isEmpty();
    }
}
