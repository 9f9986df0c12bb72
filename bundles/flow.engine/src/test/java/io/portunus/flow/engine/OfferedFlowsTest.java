// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.spi.AcceptRequest;
import io.portunus.flow.spi.Admission;
import io.portunus.flow.spi.AdmissionRequest;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.CellKey;
import io.portunus.flow.spi.Lease;
import io.portunus.flow.spi.Policy;
import io.portunus.flow.spi.SharedCell;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.model.Governance;
import io.portunus.model.PolicySettings;
import io.portunus.model.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flows that are open when a policy comes, and those that a policy ends by itself. */
class OfferedFlowsTest extends EngineSetup {
    private static final String BUNDLE = "x.policy";
    private static final CloseReason FULL = new CloseReason("x.full", CloseReason.Side.SELF, "There is no room.");
    private static final Duration STEPS = Duration.ofSeconds(1);

    /** Bounds how many flows are open, in a cell of the engine's. */
    private static final class Places implements Policy {
        final List<AdmissionRequest> asked = new ArrayList<>();
        final List<AcceptRequest> arrived = new ArrayList<>();
        boolean adopts = true;
        boolean broken;
        private final long most;

        Places(long most) {
            this.most = most;
        }

        @Override
        public String kind() {
            return "places";
        }

        @Override
        public boolean adopts(AcceptRequest request) {
            return adopts;
        }

        @Override
        public Admission accept(AcceptRequest request) {
            arrived.add(request);
            return Admission.UNLIMITED;
        }

        @Override
        public Admission admit(AdmissionRequest request) {
            if (broken) {
                throw new NoClassDefFoundError("as/the/test/Wants");
            }
            asked.add(request);
            SharedCell cell = request.cells().hold(CellKey.of("all"));
            if (cell.values().incrementAndGet(0) > most) {
                leave(cell);
                return new Admission.Refused(FULL);
            }
            return new Admission.Granted(() -> leave(cell));
        }

        private static void leave(SharedCell cell) {
            cell.values().decrementAndGet(0);
            cell.release(Duration.ZERO);
        }
    }

    @BeforeEach
    void roomForMany() {
        engine.ceilings(ceilings(10_000, 2, 1 << 20));
        sink(new Records(records));
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));
    }

    private Optional<CloseReason> open(int count) {
        Optional<CloseReason> last = Optional.empty();
        for (int i = 0; i < count; i++) {
            transport.connectTo(1);
            StreamFlow flow = handler.flows.getLast();
            last = flow.admit();
            last.ifPresent(flow::closed);
        }
        return last;
    }

    private void deploy(Policy policy, String version) {
        comes(policy, Post.policy(policy.kind()), BUNDLE, version);
        engine.prefer(BUNDLE, version);
    }

    private void settle(String version) {
        engine.settled(BUNDLE, version);
        loop.pass(STEPS);
    }

    private ProviderView view(String version) {
        return engine.providers().stream().filter(its -> its.bundle().equals(BUNDLE) && its.version().equals(version)).findFirst().orElseThrow();
    }

    private static Rule naming(Rule rule) {
        return rule.withGovernance(new Governance(Optional.empty(), Map.of(), Map.of("places", PolicySettings.NONE)));
    }

    @Test
    void flowsThatAreOpenAreOfferedOnceTheVersionHasProvedItselfAndWhatItRefusesEndsWithItsReason() {
        open(5);
        Places policy = new Places(3);
        deploy(policy, "1.0.0");
        loop.pass(STEPS);
        assertThat(policy.asked).as("it is watched yet").isEmpty();

        settle("1.0.0");

        assertThat(engine.flows()).hasSize(3);
        assertThat(records).extracting(FlowRecord::reason).containsExactly(FULL, FULL);
        assertThat(view("1.0.0").active()).isEqualTo(3);
        assertThat(view("1.0.0").closed()).containsEntry(FULL, 2L);
        assertThat(engine.counts().closed()).containsEntry(FULL, 2L);
        assertThat(policy.arrived).hasSize(5);
        assertThat(open(1)).contains(FULL);
        settle("1.0.0");
        assertThat(engine.flows()).hasSize(3);
    }

    @Test
    void manyFlowsAreOfferedInSteps() {
        open(Offers.STEP * 3);
        Places policy = new Places(1_000);
        deploy(policy, "1.0.0");
        engine.settled(BUNDLE, "1.0.0");

        loop.pass(Duration.ZERO);

        assertThat(policy.asked).hasSize(Offers.STEP);
        loop.pass(STEPS);
        assertThat(policy.asked).hasSize(Offers.STEP * 3);
    }

    @Test
    void flowsThatAVersionBeforeWasAskedAboutAreNotOfferedAgain() {
        Places older = new Places(5);
        deploy(older, "1.0.0");
        open(5);
        Places newer = new Places(5);
        deploy(newer, "1.1.0");

        settle("1.1.0");

        assertThat(newer.asked).isEmpty();
        assertThat(engine.flows()).hasSize(5);
        assertThat(open(1)).contains(FULL);
        handler.flows.getFirst().closed(CloseReason.COMPLETED);
        assertThat(open(1)).isEmpty();
        assertThat(open(1)).contains(FULL);
    }

    @Test
    void policyMayLeaveThemAlone() {
        open(5);
        Places policy = new Places(1);
        policy.adopts = false;
        deploy(policy, "1.0.0");

        settle("1.0.0");

        assertThat(engine.flows()).hasSize(5);
        assertThat(policy.asked).isEmpty();
        assertThat(view("1.0.0").active()).isZero();
    }

    /** A defect has not the power to end what was there before it. */
    @Test
    void policyThatThrowsEndsNoneOfThem() {
        open(40);
        Places policy = new Places(100);
        policy.broken = true;
        deploy(policy, "1.0.0");

        settle("1.0.0");

        assertThat(engine.flows()).hasSize(40);
        assertThat(records).isEmpty();
        assertThat(view("1.0.0").faults()).isPositive();
        assertThat(guard.standing(BUNDLE, "1.0.0").quarantined()).isTrue();
    }

    @Test
    void flowsOfARuleThatNamesAPolicyFromNowOnAreOfferedWithWhatItSets() {
        Places policy = new Places(2);
        apply(rule("a", 1, ""), rule("b", 2, ""));
        open(3);
        transport.connectTo(2);
        deploy(policy, "1.0.0");

        apply(naming(rule("a", 1, "")), rule("b", 2, ""));
        loop.pass(STEPS);

        assertThat(policy.asked).hasSize(3).allSatisfy(request -> assertThat(request.rule().governance().policies()).containsKey("places"));
        assertThat(engine.flows()).extracting(view -> view.rule()).containsExactlyInAnyOrder("a", "a", "b");
        apply(naming(rule("a", 1, "")), rule("b", 2, ""));
        loop.pass(STEPS);
        assertThat(policy.asked).hasSize(3);
    }

    private static Rule naming(Rule rule, long number) {
        return rule.withGovernance(new Governance(Optional.empty(), Map.of(), Map.of("pace", new PolicySettings(Map.of("number", number)))));
    }

    /** Limits those whose rule sets a number. */
    private static final class Pace implements Policy {
        final List<AdmissionRequest> asked = new ArrayList<>();
        final List<Rule> amended = new ArrayList<>();
        final FakeBudget budget = new FakeBudget(100);
        int released;
        int refused;
        boolean fails;

        @Override
        public String kind() {
            return "pace";
        }

        @Override
        public Admission admit(AdmissionRequest request) {
            asked.add(request);
            return request.settings("pace").isEmpty() ? Admission.UNLIMITED : new Admission.Granted(new Lease() {
                @Override
                public Budget in() {
                    return budget;
                }

                @Override
                public void amended(Rule rule) {
                    amended.add(rule);
                    if (fails) {
                        throw new IllegalStateException("as the test asks for");
                    }
                }

                @Override
                public void refused() {
                    refused++;
                }

                @Override
                public void release() {
                    released++;
                }
            });
        }
    }

    @Test
    void budgetOfARuleThatNamesAPolicyFromNowOnHoldsForFlowsThatAreOpen() {
        Pace policy = new Pace();
        deploy(policy, "1.0.0");
        open(1);
        StreamFlow flow = handler.flows.getLast();
        assertThat(flow.budgetIn()).isSameAs(Budget.UNLIMITED);

        apply(naming(rule("a", 1, ""), 1));
        loop.pass(STEPS);

        assertThat(policy.asked).extracting(AdmissionRequest::open).containsExactly(false, true);
        assertThat(flow.budgetIn().grant(1000, () -> { })).isEqualTo(100);
        assertThat(flow.budgetIn()).isSameAs(flow.budgetIn());
    }

    @Test
    void leasesKnowWhatTheirRuleSetsFromNowOnAndThatItSetsNothing() {
        Pace policy = new Pace();
        apply(naming(rule("a", 1, ""), 1));
        deploy(policy, "1.0.0");
        open(2);

        apply(naming(rule("a", 1, ""), 2));
        loop.pass(STEPS);
        policy.fails = true;
        apply(rule("a", 1, ""));
        loop.pass(STEPS);

        assertThat(policy.amended).extracting(rule -> rule.governance().policies().size()).containsExactly(1, 1, 0, 0);
        assertThat(policy.asked).hasSize(2);
        assertThat(engine.flows()).as("what a lease throws ends no flow").hasSize(2);
    }

    /** Its listener's routes were read at accept. */
    @Test
    void flowThatIsAdmittedAfterAReloadIsAskedAboutWithTheRuleAsItIsNow() {
        Pace policy = new Pace();
        deploy(policy, "1.0.0");
        transport.connectTo(1);
        StreamFlow flow = handler.flows.getLast();

        apply(naming(rule("a", 1, ""), 7));
        loop.pass(STEPS);
        flow.admit();

        assertThat(policy.asked.getLast().settings("pace").flatMap(its -> its.number("number"))).contains(7L);
    }

    @Test
    void whatAnotherPolicyRefusesIsGivenBackAsIfItHadNeverBegun() {
        Pace policy = new Pace();
        apply(naming(rule("a", 1, ""), 1));
        deploy(policy, "1.0.0");
        comes(new FakePolicy("other", its -> new Admission.Refused(FULL)), Post.policy("other"), "x.other", "1.0.0");

        assertThat(open(1)).contains(FULL);

        assertThat(policy.refused + policy.released).isLessThanOrEqualTo(1);
        assertThat(policy.released).isZero();
    }

    @Test
    void leaseThatWasGivenEndsItsFlowByTheReasonOfItsPolicy() {
        Places policy = new Places(3);
        deploy(policy, "1.0.0");
        open(2);
        Consumer<CloseReason> end = policy.asked.getFirst().end();

        end.accept(FULL);
        loop.pass(STEPS);
        end.accept(FULL);
        loop.pass(STEPS);

        assertThat(records).extracting(FlowRecord::reason).containsExactly(FULL);
        assertThat(records).extracting(FlowRecord::id).containsExactly(policy.asked.getFirst().flow());
        assertThat(engine.flows()).hasSize(1);
        assertThat(view("1.0.0").closed()).containsEntry(FULL, 1L);
        assertThat(open(2)).isEmpty();
        assertThat(open(1)).contains(FULL);
    }

    /** Removed with flows open, deployed again: their leases went to cells that stayed. */
    @Test
    void countIsRightWhenThePolicyIsRemovedAndComesAgain() {
        Places older = new Places(3);
        deploy(older, "1.0.0");
        open(3);
        engine.goes(older);
        assertThat(open(2)).isEmpty();
        handler.flows.getFirst().closed(CloseReason.COMPLETED);

        deploy(new Places(3), "1.0.0");

        assertThat(open(1)).isEmpty();
        assertThat(open(1)).contains(FULL);
    }

    @Test
    void cellsOfAPolicyThatWentGoWithTheLastFlowThatHoldsThem() {
        Places policy = new Places(3);
        deploy(policy, "1.0.0");
        open(1);
        CellTable cells = (CellTable) engine.cells(Post.policy("places"));
        cells.hold(CellKey.of("rate")).release(Duration.ofHours(1));
        assertThat(cells.size()).isEqualTo(2);

        engine.goes(policy);

        assertThat(cells.size()).isEqualTo(1);
        handler.flows.getFirst().closed(CloseReason.COMPLETED);
        assertThat(cells.size()).isZero();
        cells.hold(CellKey.of("rate")).release(Duration.ofHours(1));
        assertThat(cells.size()).isZero();
        deploy(new Places(3), "1.1.0");
        cells.hold(CellKey.of("rate")).release(Duration.ofHours(1));
        assertThat(cells.size()).isEqualTo(1);
    }
}
