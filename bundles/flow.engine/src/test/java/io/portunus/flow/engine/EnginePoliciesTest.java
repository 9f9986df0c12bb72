// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.api.VersionPin;
import io.portunus.flow.spi.AcceptRequest;
import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.Admission;
import io.portunus.flow.spi.AdmissionRequest;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.CellKey;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.Lease;
import io.portunus.flow.spi.SharedCell;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.model.Governance;
import io.portunus.model.ListenKey;
import io.portunus.model.Offer;
import io.portunus.model.PolicySettings;
import io.portunus.model.Rule;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What policies are asked and what becomes of what they give. */
class EnginePoliciesTest extends EngineSetup {
    private static final String BUNDLE = "x.policy";

    private void limits(FakePolicy policy, String version) {
        comes(policy, Post.policy(policy.kind()), BUNDLE, version);
    }

    private StreamFlow flow() {
        if (handler.flows.isEmpty()) {
            run(handler, "1.2.3");
            apply(rule("a", 1, ""));
        }
        transport.connectTo(1);
        return handler.flows.getLast();
    }

    private ProviderView view(String version) {
        return engine.providers().stream().filter(p -> p.bundle().equals(BUNDLE) && p.version().equals(version)).findFirst().orElseThrow();
    }

    @Test
    void withoutAPolicyNothingIsLimited() {
        StreamFlow flow = flow();

        assertThat(flow.admit()).isEmpty();

        assertThat(flow.budgetIn()).isSameAs(Budget.UNLIMITED);
        assertThat(flow.budgetOut()).isSameAs(Budget.UNLIMITED);
    }

    @Test
    void policyIsAskedForWhomAndItsBudgetsAreTheFlows() {
        FakePolicy policy = FakePolicy.granting("one", new FakeBudget(7), new FakeBudget(8));
        limits(policy, "1.0.0");
        StreamFlow flow = flow();
        flow.declared(new DeclaredOrigin(Optional.of(
            new Addresses(new InetSocketAddress("192.0.2.7", 4000), new InetSocketAddress("192.0.2.1", 443))), List.of()));

        assertThat(flow.admit()).isEmpty();

        AdmissionRequest request = policy.asked.getFirst();
        assertThat(request.flow()).isEqualTo(flow.id());
        assertThat(request.rule().name()).isEqualTo("a");
        assertThat(request.client().getHostAddress()).isEqualTo("192.0.2.7");
        assertThat(request.loop()).isSameAs(loop);
        assertThat(flow.budgetIn().grant(100, () -> { })).isEqualTo(7);
        assertThat(flow.budgetOut().grant(100, () -> { })).isEqualTo(8);
    }

    @Test
    void leaseIsReleasedOnceWithItsFlowAndHoldsItsVersionUntilThen() {
        FakePolicy policy = FakePolicy.granting("one", Budget.UNLIMITED, Budget.UNLIMITED);
        limits(policy, "1.0.0");
        StreamFlow flow = flow();
        flow.admit();
        assertThat(engine.held(BUNDLE, "1.0.0")).isEqualTo(1);
        assertThat(engine.flows().getFirst().handlers()).containsEntry(BUNDLE, "1.0.0");

        flow.closed(CloseReason.COMPLETED);
        flow.closed(CloseReason.COMPLETED);

        assertThat(policy.released).isEqualTo(1);
        assertThat(engine.held(BUNDLE, "1.0.0")).isZero();
        assertThat(view("1.0.0").active()).isZero();
        assertThat(view("1.0.0").closed()).containsEntry(CloseReason.COMPLETED, 1L);
    }

    @Test
    void flowOfWhichNothingIsLimitedHoldsNobody() {
        FakePolicy policy = new FakePolicy("one", its -> Admission.UNLIMITED);
        limits(policy, "1.0.0");
        StreamFlow flow = flow();

        assertThat(flow.admit()).isEmpty();

        assertThat(policy.asked).hasSize(1);
        assertThat(engine.held(BUNDLE, "1.0.0")).isZero();
        assertThat(view("1.0.0").opened()).isEqualTo(1);
        assertThat(flow.budgetIn()).isSameAs(Budget.UNLIMITED);
    }

    @Test
    void everyKindHasToAdmitAndARefusalGivesBackWhatOthersGave() {
        FakePolicy gives = FakePolicy.granting("one", new FakeBudget(1), new FakeBudget(1));
        FakePolicy refuses = new FakePolicy("two", its -> new Admission.Refused(CloseReason.MAX_CONNECTIONS));
        FakePolicy behind = FakePolicy.granting("three", new FakeBudget(1), new FakeBudget(1));
        limits(gives, "1.0.0");
        limits(refuses, "1.0.0");
        limits(behind, "1.0.0");
        StreamFlow flow = flow();

        assertThat(flow.admit()).contains(CloseReason.MAX_CONNECTIONS);

        assertThat(gives.released).isEqualTo(1);
        assertThat(behind.asked).isEmpty();
        flow.closed(CloseReason.MAX_CONNECTIONS);
        assertThat(gives.released).isEqualTo(1);
        assertThat(engine.providers()).filteredOn(p -> p.bundle().equals(BUNDLE)).extracting(ProviderView::active).containsOnly(0L);
        assertThat(engine.providers()).filteredOn(p -> p.kind().equals("two")).first()
            .satisfies(p -> assertThat(p.closed()).containsEntry(CloseReason.MAX_CONNECTIONS, 1L));
    }

    @Test
    void refusalOfAThirdPartyStandsEverywhereUnderItsOwnCode() {
        CloseReason own = new CloseReason("acme.too_fast", CloseReason.Side.SELF, "The client opens more connections than it may.");
        FakePolicy refuses = new FakePolicy("rate", its -> new Admission.Refused(own));
        refuses.reasons = List.of(own);
        sink(new Records(records));
        limits(refuses, "1.0.0");
        assertThat(engine.counts().closed()).containsEntry(own, 0L);
        StreamFlow flow = flow();

        assertThat(flow.admit()).contains(own);
        flow.closed(own);

        assertThat(records).singleElement().satisfies(record -> assertThat(record.reason().code()).isEqualTo("acme.too_fast"));
        assertThat(engine.counts().closed()).containsEntry(own, 1L).containsEntry(CloseReason.OTHER, 0L);
        assertThat(view("1.0.0").closed()).containsEntry(own, 1L);
        assertThat(view("1.0.0").reasons()).containsExactly(own);
    }

    @Test
    void policyThatDoesNotDeclareItsReasonsServesWithout() {
        FakePolicy broken = FakePolicy.granting("one", Budget.UNLIMITED, Budget.UNLIMITED);
        broken.reasonsFail = true;
        limits(broken, "1.0.0");

        assertThat(flow().admit()).isEmpty();

        assertThat(view("1.0.0").faults()).isEqualTo(1);
        assertThat(view("1.0.0").reasons()).isEmpty();
    }

    @Test
    void budgetsOfSeveralKindsAreTheLeastOfThem() {
        FakeBudget much = new FakeBudget(100);
        FakeBudget little = new FakeBudget(3);
        limits(FakePolicy.granting("one", much, Budget.UNLIMITED), "1.0.0");
        limits(FakePolicy.granting("two", little, Budget.UNLIMITED), "1.0.0");
        StreamFlow flow = flow();
        flow.admit();

        assertThat(flow.budgetIn().grant(50, () -> { })).isEqualTo(3);

        assertThat(much.left).isEqualTo(97);
        assertThat(flow.budgetOut()).isSameAs(Budget.UNLIMITED);
    }

    @Test
    void policyThatThrowsOrAnswersNothingRefusesItsFlowAndIsCounted() {
        limits(new FakePolicy("one", its -> {
            throw new IllegalStateException("as the test wants");
        }), "1.0.0");

        assertThat(flow().admit()).contains(CloseReason.INTERNAL_ERROR);

        assertThat(view("1.0.0").faults()).isEqualTo(1);
    }

    @Test
    void leaseThatThrowsRefusesItsFlowAndIsGivenBackAllTheSame() {
        int[] released = {0};
        limits(new FakePolicy("one", its -> new Admission.Granted(new Lease() {
            @Override
            public Budget out() {
                throw new IllegalStateException("as the test wants");
            }

            @Override
            public void release() {
                released[0]++;
                throw new IllegalStateException("again");
            }
        })), "1.0.0");
        StreamFlow flow = flow();

        assertThat(flow.admit()).contains(CloseReason.INTERNAL_ERROR);
        flow.closed(CloseReason.INTERNAL_ERROR);

        assertThat(released[0]).isEqualTo(1);
        assertThat(view("1.0.0").faults()).isEqualTo(2);
        assertThat(engine.flows()).isEmpty();
    }

    @Test
    void budgetThatThrowsOrGrantsMoreThanWantedEndsItsFlowOnly() {
        int[] answer = {101};
        Budget broken = new Budget() {
            @Override
            public int grant(int wanted, Runnable again) {
                return answer[0];
            }

            @Override
            public void giveBack(int unused) {
                throw new IllegalStateException("as the test wants");
            }
        };
        sink(new Records(records));
        limits(FakePolicy.granting("one", broken, broken), "1.0.0");
        StreamFlow first = flow();
        StreamFlow second = flow();
        first.admit();
        second.admit();

        assertThat(first.budgetIn().grant(100, () -> { })).isZero();

        assertThat(records).singleElement().satisfies(r -> assertThat(r.reason()).isEqualTo(CloseReason.INTERNAL_ERROR));
        assertThat(engine.flows()).extracting(f -> f.id()).containsExactly(second.id());
        answer[0] = 5;
        assertThat(first.budgetIn().grant(100, () -> { })).isZero();
        assertThat(second.budgetOut().grant(100, () -> { })).isEqualTo(5);
        second.budgetOut().giveBack(1);
        assertThat(engine.flows()).isEmpty();
        assertThat(view("1.0.0").faults()).isEqualTo(2);
    }

    @Test
    void oneVersionOfAKindIsAskedAndFlowsKeepTheirs() {
        FakePolicy older = FakePolicy.granting("one", new FakeBudget(1), Budget.UNLIMITED);
        FakePolicy newer = FakePolicy.granting("one", new FakeBudget(2), Budget.UNLIMITED);
        limits(older, "1.0.0");
        limits(newer, "1.1.0");
        StreamFlow first = flow();
        first.admit();
        assertThat(newer.asked).isEmpty();

        engine.prefer(BUNDLE, "1.1.0");
        StreamFlow second = flow();
        second.admit();

        assertThat(older.asked).hasSize(1);
        assertThat(second.budgetIn().grant(100, () -> { })).isEqualTo(2);
        engine.goes(older);
        assertThat(engine.held(BUNDLE, "1.0.0")).isEqualTo(1);
        assertThat(first.budgetIn().grant(100, () -> { })).isEqualTo(1);
        first.closed(CloseReason.COMPLETED);
        assertThat(older.released).isEqualTo(1);
        engine.goes(newer);
        StreamFlow third = flow();
        assertThat(third.admit()).isEmpty();
        assertThat(third.budgetIn()).isSameAs(Budget.UNLIMITED);
    }

    @Test
    void atAcceptAPolicyIsAskedByWhereTheConnectionComesFrom() {
        FakePolicy policy = new FakePolicy("one", its -> Admission.UNLIMITED);
        int[] released = {0};
        policy.atAccept = request -> new Admission.Granted(() -> released[0]++);
        limits(policy, "1.0.0");

        StreamFlow flow = flow();

        AcceptRequest request = policy.askedAtAccept.getFirst();
        assertThat(request.flow()).isEqualTo(flow.id());
        assertThat(request.listener()).isEqualTo(ListenKey.tcp(Optional.empty(), 1));
        assertThat(request.peer()).isEqualTo(flow.addresses().client().getAddress());
        assertThat(request.behindFront()).isFalse();
        assertThat(policy.asked).isEmpty();
        flow.admit();
        assertThat(view("1.0.0").opened()).isEqualTo(1);
        assertThat(view("1.0.0").active()).isEqualTo(1);
        flow.closed(CloseReason.COMPLETED);
        assertThat(released[0]).isEqualTo(1);
        assertThat(view("1.0.0").active()).isZero();
    }

    @Test
    void refusedAtAcceptNoHandlerSeesTheConnectionAndWhatOthersGaveIsGivenBack() {
        sink(new Records(records));
        int[] released = {0};
        FakePolicy gives = new FakePolicy("one", its -> Admission.UNLIMITED);
        gives.atAccept = request -> new Admission.Granted(() -> released[0]++);
        FakePolicy refuses = new FakePolicy("two", its -> Admission.UNLIMITED);
        refuses.atAccept = request -> new Admission.Refused(CloseReason.MAX_CONNECTIONS);
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));
        limits(gives, "1.0.0");
        limits(refuses, "1.0.0");

        transport.connectTo(1);

        assertThat(handler.flows).isEmpty();
        assertThat(engine.flows()).isEmpty();
        assertThat(released[0]).isEqualTo(1);
        assertThat(records).singleElement().satisfies(r -> assertThat(r.reason()).isEqualTo(CloseReason.MAX_CONNECTIONS));
    }

    @Test
    void policyThatThrowsAtAcceptRefusesTheConnection() {
        sink(new Records(records));
        FakePolicy broken = new FakePolicy("one", its -> Admission.UNLIMITED);
        broken.atAccept = request -> {
            throw new IllegalStateException("as the test wants");
        };
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));
        limits(broken, "1.0.0");

        transport.connectTo(1);

        assertThat(handler.flows).isEmpty();
        assertThat(records).singleElement().satisfies(r -> assertThat(r.reason()).isEqualTo(CloseReason.INTERNAL_ERROR));
        assertThat(view("1.0.0").faults()).isEqualTo(1);
    }

    @Test
    void whatARuleSetsForAPolicyIsGivenAndAPolicyThatIsMissingRefuses() {
        PolicySettings ten = new PolicySettings(Map.of("most", 10L));
        Governance governed = new Governance(Optional.of("team-a"), Map.of(), Map.of("one", ten));
        FakePolicy policy = new FakePolicy("one", its -> Admission.UNLIMITED);
        limits(policy, "1.0.0");
        run(handler, "1.2.3");
        Rule rule = rule("a", 1, "").withGovernance(governed);
        apply(rule);
        transport.connectTo(1);
        StreamFlow flow = handler.flows.getLast();

        assertThat(flow.admit()).isEmpty();

        assertThat(policy.asked.getFirst().settings("one")).contains(ten);
        assertThat(policy.asked.getFirst().settings("two")).isEmpty();
        assertThat(policy.asked.getFirst().rule().governance().owner()).contains("team-a");
        transport.connectTo(1);
        StreamFlow later = handler.flows.getLast();
        engine.goes(policy);
        assertThat(later.admit()).contains(CloseReason.POLICY_MISSING);
        assertThat(engine.unserved()).containsExactly(Offer.policy("one"));
        assertThat(engine.lacks()).anySatisfy(p -> assertThat(p.text()).contains("no policy one is running", "the rule 'a' asks for it"));
        limits(policy, "1.0.1");
        assertThat(engine.unserved()).isEmpty();
    }

    @Test
    void versionsOfAPolicyCountInTheSameCell() {
        FakePolicy older = counting();
        FakePolicy newer = counting();
        limits(older, "1.0.0");
        limits(newer, "1.1.0");
        StreamFlow first = flow();
        first.admit();
        engine.prefer(BUNDLE, "1.1.0");
        StreamFlow second = flow();
        second.admit();

        SharedCell cell = newer.asked.getLast().cells().hold(CellKey.of("rule", newer.asked.getLast().rule()));
        assertThat(cell.values().get(0)).isEqualTo(2);
        first.closed(CloseReason.COMPLETED);
        assertThat(cell.values().get(0)).isEqualTo(1);
        second.closed(CloseReason.COMPLETED);
        assertThat(cell.values().get(0)).isZero();
    }

    /** Counts the flows of a rule. */
    private static FakePolicy counting() {
        return new FakePolicy("count", policy -> {
            AdmissionRequest request = policy.asked.getLast();
            SharedCell cell = request.cells().hold(CellKey.of("rule", request.rule()));
            cell.values().incrementAndGet(0);
            return new Admission.Granted(() -> {
                cell.values().decrementAndGet(0);
                cell.release(Duration.ZERO);
            });
        });
    }

    @Test
    void pinKeepsFlowsOnAVersion() {
        FakePolicy older = new FakePolicy("one", its -> Admission.UNLIMITED);
        FakePolicy newer = new FakePolicy("one", its -> Admission.UNLIMITED);
        limits(older, "1.0.0");
        limits(newer, "1.1.0");
        engine.prefer(BUNDLE, "1.1.0");
        engine.pins(List.of(new VersionPin(Optional.of("a"), Optional.empty(), BUNDLE, "1.0.0")));

        flow().admit();

        assertThat(older.asked).hasSize(1);
        assertThat(newer.asked).isEmpty();
    }
}
