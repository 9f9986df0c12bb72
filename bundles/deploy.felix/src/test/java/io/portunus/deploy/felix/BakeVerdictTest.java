// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ProviderView;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BakeVerdictTest {
    private static final Problem ILL = Problem.of(ProblemCode.COMPONENT_MISSING, "", "no handler");

    @Test
    void findsNothingInAVersionThatDoesAsTheOldOneDid() {
        ProviderView older = provider("1", Map.of(CloseReason.COMPLETED, 90L, CloseReason.NOT_TLS, 10L), 3);
        ProviderView newer = provider("2", Map.of(CloseReason.COMPLETED, 20L, CloseReason.NOT_TLS, 8L), 0);

        assertThat(judge(List.of(older), List.of(older, newer))).isEmpty();
    }

    @Test
    void speaksAgainstAVersionThatThrew() {
        assertThat(judge(List.of(), List.of(provider("2", Map.of(), 2)))).contains("its tls inspector threw 2 times");
    }

    @Test
    void doesNotCountWhatWasBeforeTheSwitch() {
        ProviderView earlier = provider("2", Map.of(CloseReason.INTERNAL_ERROR, 4L, CloseReason.NOT_TLS, 50L), 7);

        assertThat(judge(List.of(earlier), List.of(earlier))).isEmpty();
    }

    static List<CloseReason> defects() {
        return List.of(CloseReason.INTERNAL_ERROR, CloseReason.HANDLER_STALLED);
    }

    @ParameterizedTest
    @MethodSource("defects")
    void speaksAgainstASingleDefect(CloseReason reason) {
        assertThat(judge(List.of(), List.of(provider("2", Map.of(reason, 1L, CloseReason.COMPLETED, 10_000L), 0))).orElseThrow())
            .contains(reason.code());
    }

    @ParameterizedTest
    @CsvSource({
        // closes of the old version of a hundred; of the new one and its total; whether it is taken back
        "0, 4, 4, false", "0, 5, 5, true", "0, 5, 25, false", "0, 6, 25, true", "30, 80, 100, false", "30, 81, 100, true", "60, 100, 100, false"})
    void comparesTheSharesOfRefusedClientHellos(long olderRefused, long newerRefused, long newerTotal, boolean against) {
        ProviderView older = provider("1", Map.of(CloseReason.HELLO_MALFORMED, olderRefused, CloseReason.COMPLETED, 100 - olderRefused), 0);
        ProviderView newer = provider("2", Map.of(CloseReason.HELLO_MALFORMED, newerRefused, CloseReason.COMPLETED, newerTotal - newerRefused), 0);

        assertThat(judge(List.of(older), List.of(older, newer)).isPresent()).isEqualTo(against);
    }

    @Test
    void comparesTheSharesOfReasonsThatTheVersionHasOfItsOwn() {
        CloseReason own = new CloseReason("acme.too_fast", CloseReason.Side.SELF, "More than one of its clients may have.");
        Map<CloseReason, Long> closed = Map.of(own, 50L, CloseReason.COMPLETED, 50L);

        assertThat(judge(List.of(), List.of(provider("2", closed, Set.of(own), 0))))
            .contains("50 % of its flows ended as acme.too_fast, before it were 0 %");
        // What a policy of somebody else refuses is not the fault of whoever carried the flow.
        assertThat(judge(List.of(), List.of(provider("2", closed, Set.of(), 0)))).isEmpty();
    }

    @Test
    void doesNotMindCausesThatAreNotTheVersions() {
        assertThat(judge(List.of(), List.of(provider("2", Map.of(CloseReason.DOWNSTREAM_RESET, 100L), 0)))).isEmpty();
    }

    @Test
    void findsFlowsThatWereForgotten() {
        List<FlowView> flows = List.of(flow(1, FlowView.State.PEEKING, "2", 5), flow(2, FlowView.State.PEEKING, "2", 3),
            flow(3, FlowView.State.OPEN, "2", 500), flow(4, FlowView.State.PEEKING, "1", 5));
        Sample now = new Sample(List.of(), flows, Map.of());

        assertThat(verdict(List.of(), Map.of()).stalled(now)).extracting(FlowView::id).containsExactly(1L);
        assertThat(verdict(List.of(), Map.of()).judge(now)).contains("1 of its flows did nothing for 4 s");
    }

    @Test
    void speaksAgainstAVersionThatMadeThePartsOfTheNodeIll() {
        BakeVerdict verdict = verdict(List.of(), Map.of("forwarding", List.of(), "admin", List.of(ILL)));

        assertThat(verdict.judge(new Sample(List.of(), List.of(), Map.of("admin", List.of(ILL), "rules", List.of(ILL))))).isEmpty();
        assertThat(verdict.judge(new Sample(List.of(), List.of(), Map.of("forwarding", List.of(ILL))))).hasValueSatisfying(
            why -> assertThat(why).contains("forwarding").contains("no handler"));
    }

    private static Optional<String> judge(List<ProviderView> before, List<ProviderView> now) {
        return verdict(before, Map.of()).judge(new Sample(now, List.of(), Map.of()));
    }

    private static BakeVerdict verdict(List<ProviderView> before, Map<String, List<Problem>> readiness) {
        return new BakeVerdict("b", "1", "2", new Sample(before, List.of(), readiness));
    }

    private static ProviderView provider(String version, Map<CloseReason, Long> closed, long faults) {
        return provider(version, closed, Set.of(), faults);
    }

    private static ProviderView provider(String version, Map<CloseReason, Long> closed, Set<CloseReason> own, long faults) {
        return new ProviderView(ProviderView.Role.INSPECTOR, "tls", "b", version, true, 0, 0, closed, own, faults);
    }

    private static FlowView flow(long id, FlowView.State state, String version, long age) {
        return new FlowView(id, state, Map.of("b", version), "*:1", "", "", Optional.empty(), "", Instant.EPOCH, Duration.ofSeconds(age), 0, 0);
    }
}
