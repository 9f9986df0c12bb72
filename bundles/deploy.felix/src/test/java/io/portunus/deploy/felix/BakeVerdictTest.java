// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowResults;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ProviderView;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.PartReadiness;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BakeVerdictTest {
    private static final Problem ILL = Problem.of(ProblemCode.COMPONENT_MISSING, "", "no handler");

    @Test
    void findsNothingInAVersionThatDoesAsTheOldOneDid() {
        ProviderView older = provider("1", Map.of(CloseReason.COMPLETED, 90L, CloseReason.NOT_TLS, 10L), 3, Results.of(900, 100));
        ProviderView newer = provider("2", Map.of(CloseReason.COMPLETED, 20L, CloseReason.NOT_TLS, 8L), 0, Results.of(90, 15));

        assertThat(judge(List.of(older), List.of(older, newer))).isEmpty();
    }

    @Test
    void speaksAgainstAVersionThatThrew() {
        assertThat(judge(List.of(), List.of(provider("2", Map.of(), 2, Results.NONE)))).contains("its tls inspector threw 2 times");
    }

    @Test
    void doesNotCountWhatWasBeforeTheSwitch() {
        ProviderView earlier = provider("2", Map.of(CloseReason.INTERNAL_ERROR, 4L, CloseReason.NOT_TLS, 50L), 7, Results.of(0, 500));

        assertThat(judge(List.of(earlier), List.of(earlier))).isEmpty();
    }

    static List<CloseReason> defects() {
        return List.of(CloseReason.INTERNAL_ERROR, CloseReason.HANDLER_STALLED);
    }

    @ParameterizedTest
    @MethodSource("defects")
    void speaksAgainstASingleDefect(CloseReason reason) {
        assertThat(judge(List.of(), List.of(provider("2", Map.of(reason, 1L, CloseReason.COMPLETED, 10_000L), 0, Results.NONE))).orElseThrow())
            .contains(reason.code());
    }

    @ParameterizedTest
    @CsvSource({
        // closes of the old version of a thousand; of the new one and its total; whether it is taken back
        "0, 6, 6, false", "0, 19, 19, false", "0, 20, 20, true", "0, 6, 60, false", "300, 800, 1000, true", "300, 500, 1000, false",
        "600, 700, 1000, false"})
    void comparesTheSharesOfRefusedClientHellos(long olderRefused, long newerRefused, long newerTotal, boolean against) {
        ProviderView older = provider("1", closed(CloseReason.HELLO_MALFORMED, olderRefused, 1000), 0, Results.NONE);
        ProviderView newer = provider("2", closed(CloseReason.HELLO_MALFORMED, newerRefused, newerTotal), 0, Results.NONE);

        assertThat(judge(List.of(older), List.of(older, newer)).isPresent()).isEqualTo(against);
    }

    @Test
    void comparesEveryReasonThatSomebodyElseThanTheClientHas() {
        ProviderView older = provider("1", closed(CloseReason.UPSTREAM_RESET, 10, 1000), 0, Results.of(990, 10));
        for (CloseReason reason : List.of(CloseReason.UPSTREAM_RESET, CloseReason.IDLE_TIMEOUT, CloseReason.SOURCE_DENIED, CloseReason.NO_TARGET)) {
            ProviderView newer = provider("2", closed(reason, 60, 60), 0, Results.of(60, 0));

            assertThat(judge(List.of(older), List.of(older, newer)).orElseThrow()).startsWith("100 % of its flows ended as " + reason.code());
        }
    }

    @Test
    void doesNotMindWhatTheVersionBesideMeetsAsWell() {
        ProviderView before = provider("1", closed(CloseReason.UPSTREAM_RESET, 0, 1000), 0, Results.of(1000, 0));
        ProviderView beside = provider("1", closed(CloseReason.UPSTREAM_RESET, 40, 1045), 0, Results.of(1000, 0));
        ProviderView newer = provider("2", closed(CloseReason.UPSTREAM_RESET, 60, 60), 0, Results.of(60, 0));

        assertThat(judge(List.of(before), List.of(beside, newer))).isEmpty();
    }

    @Test
    void comparesTheSharesOfReasonsThatTheVersionHasOfItsOwn() {
        CloseReason own = new CloseReason("acme.too_fast", CloseReason.Side.SELF, "More than one of its clients may have.");
        Map<CloseReason, Long> closed = Map.of(own, 50L, CloseReason.COMPLETED, 50L);

        assertThat(judge(List.of(), List.of(provider("2", closed, Set.of(own), 0, Results.NONE))))
            .contains("50 % of its flows ended as acme.too_fast, and too few were seen before it");
        // What a policy of somebody else refuses is not the fault of whoever carried the flow.
        assertThat(judge(List.of(), List.of(provider("2", closed, Set.of(), 0, Results.NONE)))).isEmpty();
    }

    @Test
    void doesNotMindCausesThatAreNotTheVersions() {
        assertThat(judge(List.of(), List.of(provider("2", Map.of(CloseReason.DOWNSTREAM_RESET, 100L), 0, Results.NONE)))).isEmpty();
        assertThat(judge(List.of(), List.of(provider("2", Map.of(CloseReason.MAX_CONNECTIONS, 100L), 0, Results.NONE)))).isEmpty();
    }

    @Test
    void comparesHowManyFlowsDeliveredBytesBothWays() {
        ProviderView older = provider("1", Map.of(), 0, Results.of(980, 20));
        ProviderView newer = provider("2", Map.of(), 0, Results.of(10, 40));

        assertThat(judge(List.of(older), List.of(older, newer))).contains("80 % of its flows delivered nothing, before it were 2 %");
        assertThat(judge(List.of(older), List.of(older, provider("2", Map.of(), 0, Results.oneWay(0, 40)))))
            .contains("100 % of its flows did not deliver bytes both ways, before it were 2 %");
    }

    @Test
    void outageOfLongAgoIsNothingToMeasureBy() {
        Sample then = new Sample(List.of(provider("1", Map.of(), 0, Results.of(500, 500))), List.of(), List.of());
        Sample before = new Sample(List.of(provider("1", Map.of(), 0, Results.of(600, 500))), List.of(), List.of());
        BakeVerdict verdict = new BakeVerdict("b", "1", "2", then, before);

        assertThat(verdict.judge(new Sample(List.of(provider("2", Map.of(), 0, Results.of(30, 30))), List.of(), List.of()))).isPresent();
        assertThat(verdict.judge(new Sample(List.of(provider("2", Map.of(), 0, Results.of(50, 10))), List.of(), List.of()))).isEmpty();
    }

    @Test
    void sixProbesOfAPortScannerTakeNothingBack() {
        ProviderView older = provider("1", Map.of(), 0, Results.of(1000, 0));

        assertThat(judge(List.of(older), List.of(older, provider("2", Map.of(), 0, Results.of(0, 6))))).isEmpty();
        assertThat(judge(List.of(older), List.of(older, provider("2", Map.of(), 0, Results.of(14, 6))))).isEmpty();
        assertThat(judge(List.of(), List.of(provider("2", Map.of(), 0, Results.of(0, 6))))).isEmpty();
    }

    @Test
    void flowsThatProveNothingCountNowhere() {
        ProviderView older = provider("1", Map.of(), 0, Results.of(1000, 0));

        assertThat(judge(List.of(older), List.of(older, provider("2", Map.of(), 0, Results.excused(30, 0, 300))))).isEmpty();
        assertThat(judge(List.of(older), List.of(older, provider("2", Map.of(), 0, Results.excused(0, 30, 300))))).isPresent();
    }

    @Test
    void trafficOfOneWayIsNoFault() {
        ProviderView older = provider("1", Map.of(), 0, Results.oneWay(0, 1000));

        assertThat(judge(List.of(older), List.of(older, provider("2", Map.of(), 0, Results.oneWay(0, 50))))).isEmpty();
        assertThat(judge(List.of(), List.of(provider("2", Map.of(), 0, Results.oneWay(0, 50))))).isEmpty();
        assertThat(judge(List.of(older), List.of(older, provider("2", Map.of(), 0, Results.of(0, 50))))).isPresent();
    }

    @Test
    void withoutAVersionBeforeItHalfOfTheFlowsHaveToDeliverSomething() {
        assertThat(judge(List.of(), List.of(provider("2", Map.of(), 0, Results.of(0, 40)))))
            .contains("100 % of its flows delivered nothing, and too few were seen before it");
        assertThat(judge(List.of(), List.of(provider("2", Map.of(), 0, Results.of(40, 10))))).isEmpty();
    }

    @Test
    void comparesWhatAPolicyRefusesWithWhatItWasAsked() {
        ProviderView older = policy("1", 1000, 50);

        assertThat(judge(List.of(older), List.of(older, policy("2", 40, 40))))
            .contains("its rate policy refused 100 % of its flows, before it were 5 %");
        assertThat(judge(List.of(older), List.of(older, policy("2", 40, 4)))).isEmpty();
        assertThat(judge(List.of(), List.of(policy("2", 40, 40)))).isPresent();
    }

    @Test
    void comparesWhenTheTargetsFirstByteCame() {
        ProviderView older = provider("1", Map.of(), 0, Results.firstBytes(900L, 90L, 10L));

        assertThat(judge(List.of(older), List.of(older, provider("2", Map.of(), 0, Results.firstBytes(0L, 0L, 0L, 0L, 0L, 40L)))))
            .contains("100 % of its flows had their target's first byte later than 16 ms, before it were 0 %");
        // A node of which everything was slow before is not made worse; nor does one mind milliseconds.
        ProviderView slow = provider("1", Map.of(), 0, Results.firstBytes(0L, 0L, 0L, 0L, 900L, 100L, 0L));
        assertThat(judge(List.of(slow), List.of(slow, provider("2", Map.of(), 0, Results.firstBytes(0L, 0L, 0L, 0L, 0L, 40L))))).isEmpty();
        assertThat(judge(List.of(older), List.of(older, provider("2", Map.of(), 0, Results.firstBytes(0L, 0L, 0L, 20L, 20L))))).isEmpty();
    }

    @Test
    void comparesHowOftenTheLoopWasKept() {
        ProviderView older = provider("1", Map.of(), 0, Results.slow(1000, 5));

        assertThat(judge(List.of(older), List.of(older, provider("2", Map.of(), 0, Results.slow(40, 40)))).orElseThrow())
            .startsWith("its tls inspector kept the loop for milliseconds in 100 % of its flows");
        assertThat(judge(List.of(older), List.of(older, provider("2", Map.of(), 0, Results.slow(40, 3))))).isEmpty();
        assertThat(judge(List.of(), List.of(provider("2", Map.of(), 0, Results.slow(60, 60))))).isPresent();
    }

    @Test
    void oneBundleIsComparedWithAnotherThatServedTheSame() {
        ProviderView other = new ProviderView(ProviderView.Role.INSPECTOR, "tls", "other", "7", true, 0, 1000, Map.of(), Set.of(), 0,
            Results.of(500, 500));

        assertThat(judge(List.of(other), List.of(other, provider("2", Map.of(), 0, Results.of(20, 22))))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0 flows", "1, 1 flow", "19, 19 flows", "20,"})
    void provesNothingByFewFlows(long flows, @Nullable String why) {
        Sample now = new Sample(List.of(provider("2", Map.of(), 0, Results.of(flows, 0))), List.of(), List.of());

        assertThat(verdict(List.of(), List.of()).unproven(now)).isEqualTo(Optional.ofNullable(why));
    }

    @Test
    void asksNoProofOfWhatFlowsHaveNothingOf() {
        assertThat(verdict(List.of(), List.of()).unproven(new Sample(List.of(), List.of(), List.of()))).isEmpty();
    }

    @Test
    void findsFlowsThatWereForgotten() {
        List<FlowView> flows = List.of(flow(1, FlowView.State.PEEKING, "2", 5), flow(2, FlowView.State.PEEKING, "2", 3),
            flow(3, FlowView.State.OPEN, "2", 500), flow(4, FlowView.State.PEEKING, "1", 5));
        Sample now = new Sample(List.of(), flows, List.of());

        assertThat(verdict(List.of(), List.of()).stalled(now)).extracting(FlowView::id).containsExactly(1L);
        assertThat(verdict(List.of(), List.of()).judge(now)).contains("1 of its flows did nothing for 4 s");
    }

    @Test
    void speaksAgainstAVersionThatMadeThePartsOfTheNodeIll() {
        BakeVerdict verdict = verdict(List.of(), List.of(part("forwarding"), part("admin", ILL)));

        assertThat(verdict.judge(new Sample(List.of(), List.of(), List.of(part("admin", ILL), part("rules", ILL))))).isEmpty();
        assertThat(verdict.judge(new Sample(List.of(), List.of(), List.of(part("forwarding", ILL))))).hasValueSatisfying(
            why -> assertThat(why).contains("forwarding").contains("no handler"));
    }

    @Test
    void speaksAgainstAVersionWhoseCheckGivesNoAnswer() {
        PartReadiness mute = new PartReadiness("theirs", List.of(), List.of(ILL), true);
        Sample now = new Sample(List.of(), List.of(), List.of(mute));

        assertThat(verdict(List.of(), List.of()).judge(now)).isPresent();
        assertThat(verdict(List.of(), List.of(mute)).judge(now)).isEmpty();
    }

    private static PartReadiness part(String name, Problem... problems) {
        return new PartReadiness(name, List.of(problems), List.of(), false);
    }

    private static Optional<String> judge(List<ProviderView> before, List<ProviderView> now) {
        return verdict(before, List.of()).judge(new Sample(now, List.of(), List.of()));
    }

    private static BakeVerdict verdict(List<ProviderView> before, List<PartReadiness> parts) {
        return new BakeVerdict("b", "1", "2", new Sample(List.of(), List.of(), parts), new Sample(before, List.of(), parts));
    }

    private static Map<CloseReason, Long> closed(CloseReason reason, long closed, long all) {
        return Map.of(reason, closed, CloseReason.COMPLETED, all - closed);
    }

    private static ProviderView provider(String version, Map<CloseReason, Long> closed, long faults, FlowResults results) {
        return provider(version, closed, Set.of(), faults, results);
    }

    private static ProviderView provider(String version, Map<CloseReason, Long> closed, Set<CloseReason> own, long faults, FlowResults results) {
        long opened = results.delivered() + results.oneWay() + results.nothing() + results.excused();
        return new ProviderView(ProviderView.Role.INSPECTOR, "tls", "b", version, true, 0, opened, closed, own, faults, results);
    }

    private static ProviderView policy(String version, long asked, long refused) {
        return new ProviderView(ProviderView.Role.POLICY, "rate", "b", version, true, 0, asked, Map.of(), Set.of(), 0, Results.refused(refused));
    }

    private static FlowView flow(long id, FlowView.State state, String version, long age) {
        return new FlowView(id, state, Map.of("b", version), "*:1", "", "", Optional.empty(), "", Instant.EPOCH, Duration.ofSeconds(age), 0, 0);
    }
}
