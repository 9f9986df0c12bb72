// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.api.TargetView;
import io.portunus.flow.spi.Admission;
import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.ListenSpec;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.flow.spi.TargetRequest;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.flow.spi.TargetSelector;
import io.portunus.flow.spi.Transport;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Governance;
import io.portunus.model.Listener;
import io.portunus.model.Offer;
import io.portunus.model.PolicySettings;
import io.portunus.model.Problem;
import io.portunus.model.Protocol;
import io.portunus.model.Rule;
import io.portunus.node.api.BundleGuard;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Parts that fail again and again: who has no need of them goes on without. */
@Timeout(60)
class QuarantineTest extends EngineSetup {
    private static final String BUNDLE = "com.example.bad";

    private Optional<CloseReason> admitted(int port) {
        transport.connectTo(port);
        StreamFlow flow = handler.flows.getLast();
        Optional<CloseReason> refused = flow.admit();
        flow.closed(refused.orElse(CloseReason.COMPLETED));
        return refused;
    }

    private boolean serves(ProviderView.Role role) {
        return engine.providers().stream().filter(its -> its.role() == role && its.bundle().equals(BUNDLE)).anyMatch(ProviderView::serving);
    }

    private static Rule naming(Rule rule, String policy) {
        return rule.withGovernance(new Governance(Optional.empty(), Map.of(), Map.of(policy, PolicySettings.NONE)));
    }

    @Test
    void policyThatThrowsIsMissingToThoseThatNameItAndToNobodyElse() {
        run(handler, "1.2.3");
        apply(rule("a", 1, ""), naming(rule("b", 2, ""), "bad"));
        FakePolicy bad = new FakePolicy("bad", its -> {
            throw new NoClassDefFoundError("as/the/test/Wants");
        });
        comes(bad, Post.policy("bad"), BUNDLE, "1.0.0");

        for (int i = 0; i < BundleGuard.MOST_FAULTS; i++) {
            assertThat(admitted(1)).contains(CloseReason.INTERNAL_ERROR);
        }
        loop.pass(Absences.GRACE.plusSeconds(1));

        assertThat(serves(ProviderView.Role.POLICY)).isFalse();
        assertThat(admitted(1)).isEmpty();
        assertThat(admitted(2)).contains(CloseReason.POLICY_MISSING);
        assertThat(engine.unserved()).containsExactly(Offer.policy("bad"));
        guard.release(BUNDLE);
        loop.pass(Duration.ofMillis(1));
        assertThat(serves(ProviderView.Role.POLICY)).isTrue();
        assertThat(admitted(1)).contains(CloseReason.INTERNAL_ERROR);
    }

    @Test
    void policyThatFailsNowAndThenStays() {
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));
        int[] asked = {0};
        FakePolicy bad = new FakePolicy("bad", its -> {
            if (asked[0]++ % 4 == 0) {
                throw new IllegalStateException("as the test wants");
            }
            return Admission.UNLIMITED;
        });
        comes(bad, Post.policy("bad"), BUNDLE, "1.0.0");

        for (int i = 0; i < 400; i++) {
            admitted(1);
        }
        loop.pass(Duration.ofMillis(1));

        assertThat(serves(ProviderView.Role.POLICY)).isTrue();
        assertThat(guard.standing(BUNDLE, "1.0.0").faults()).isEqualTo(100);
    }

    /** Throws when it begins. */
    private record Throws(String kind) implements Inspector {
        @Override
        public Inspection begin() {
            throw new IllegalStateException("as the test wants");
        }
    }

    private void inspect(int times) {
        for (int i = 0; i < times; i++) {
            transport.connectTo(1);
            StreamFlow flow = handler.flows.getLast();
            flow.inspect("bad");
            flow.closed(CloseReason.INTERNAL_ERROR);
        }
    }

    @Test
    void inspectorOfWhichNothingComesButFaultsIsMissing() {
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));
        comes(new Throws("bad"), Post.inspector(Protocol.TCP, "bad"), BUNDLE, "1.0.0");

        inspect(BundleGuard.MOST_FAULTS);
        loop.pass(Duration.ofMillis(1));

        assertThat(serves(ProviderView.Role.INSPECTOR)).isFalse();
        assertThat(engine.served()).doesNotContain(Offer.inspector(Protocol.TCP, "bad"));
    }

    /** Throws at each connection. */
    private static final class Broken implements FlowHandler {
        @Override
        public String kind() {
            return TCP;
        }

        @Override
        public void accepted(Stream downstream, Listener listener, StreamFlow flow) {
            throw new IllegalStateException("as the test wants");
        }
    }

    /** What a handler and a selector throw costs the flow; without them there would be none. */
    @Test
    void handlerThatThrowsServesOnBecauseNobodyElseDoes() {
        comes(new Broken(), Post.TCP, BUNDLE, "1.0.0");
        apply(rule("a", 1, ""));

        for (int i = 0; i < 3 * BundleGuard.MOST_FAULTS; i++) {
            transport.connectTo(1);
        }
        loop.pass(Duration.ofMillis(1));

        assertThat(serves(ProviderView.Role.HANDLER)).isTrue();
        assertThat(engine.counts().active()).isZero();
        assertThat(guard.standing(BUNDLE, "1.0.0").faults()).isEqualTo(3 * BundleGuard.MOST_FAULTS);
    }

    /** Fails whenever it is not asked by a flow. */
    private static final class BadSelector implements TargetSelector {
        @Override
        public void applied(ForwardingTable table) {
            throw new LinkageError("as the test wants");
        }

        @Override
        public TargetSelection begin(TargetRequest request, Consumer<CloseReason> end) {
            throw new IllegalStateException("as the test wants");
        }

        @Override
        public List<TargetView> targets() {
            throw new LinkageError("as the test wants");
        }

        @Override
        public boolean drain(String rule, String target, boolean drained) {
            throw new LinkageError("as the test wants");
        }
    }

    /** Throws what its contract does not have. */
    private record BadTransport(String name) implements Transport {
        @Override
        public List<EventLoop> loops() {
            return List.of();
        }

        @Override
        public BoundSocket listen(ListenSpec spec, Consumer<Stream> onAccept) {
            throw new LinkageError("as the test wants");
        }

        @Override
        public Cancellable connect(EventLoop loop, ConnectSpec spec, ConnectListener done) {
            throw new LinkageError("as the test wants");
        }
    }

    @Test
    void transportThatThrowsLeavesItsListenersUnboundAndHoldsUpNoPublish() {
        run(handler, "1.2.3");
        engine.goes(transport);
        comes(new BadTransport("bad"), new Post(ProviderView.Role.TRANSPORT, "bad"), BUNDLE, "1.0.0");

        assertThat(apply(rule("a", 1, ""))).extracting(Problem::text).first(InstanceOfAssertFactories.STRING).contains("transport bad failed");

        assertThat(guard.standing(BUNDLE, "1.0.0").faults()).isPositive();
    }

    @Test
    void selectorThatThrowsHoldsUpNoPublishAndNoSurface() {
        comes(new BadSelector(), Post.TARGETS, "x.target", "2.0.0");
        engine.goes(selector);
        run(handler, "1.2.3");

        assertThat(apply(rule("a", 1, ""))).isEmpty();

        assertThat(engine.targets()).isEmpty();
        assertThat(engine.drainTarget("a", "t.test:1", true)).isFalse();
        assertThat(guard.standing("x.target", "2.0.0").faults()).isGreaterThanOrEqualTo(3);
    }
}
