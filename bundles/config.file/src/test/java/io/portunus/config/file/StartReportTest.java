// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.config.api.Taken;
import io.portunus.config.api.Taken.Unbound;
import io.portunus.model.ListenKey;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.RuleCode;
import io.portunus.node.api.ReadinessCheck;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StartReportTest {
    private static final Problem UNBOUND = Problem.of(ProblemCode.PORT_IN_USE, "listen *:80", "port 80 is taken");
    private static final ListenKey KEY = ListenKey.tcp(Optional.empty(), 80);
    private static final Problem REFUSED = Problem.of(RuleCode.DUPLICATE_NAME, "rule[1].name", "twice");
    private static final Duration SHORT = Duration.ofMillis(40);
    private static final Duration LONG = Duration.ofSeconds(15);

    @Test
    void aReadyNodeReportsNothing() {
        StartReport report = new StartReport(LONG, LONG);
        ReadinessCheck.EXPECTED.forEach(name -> report.add(new FixedCheck(name, List.of())));
        report.taken(Taken.WELL);

        assertThat(report.get()).isEmpty();
    }

    @Test
    void rulesThatFailedAreReportedAtOnceAndOnlyOnce() {
        StartReport report = new StartReport(LONG, LONG);
        ReadinessCheck.EXPECTED.forEach(name -> report.add(new FixedCheck(name, name.equals("forwarding") ? List.of(UNBOUND) : List.of())));
        report.taken(new Taken(List.of(), List.of(new Unbound(KEY, UNBOUND)), List.of()));

        assertThat(report.get()).isEqualTo("port_in_use: listen *:80: port 80 is taken");
    }

    @Test
    void refusedTablesAreReportedAtOnce() {
        StartReport report = new StartReport(LONG, LONG);
        ReadinessCheck.EXPECTED.forEach(name -> report.add(new FixedCheck(name, List.of())));
        report.taken(Taken.refused(List.of(REFUSED)));

        assertThat(report.get()).isEqualTo("duplicate_name: rule[1].name: twice");
    }

    @Test
    void nodeThatMayStartInPartStartsWithoutItsUnboundListeners() {
        StartReport report = new StartReport(LONG, LONG, true);
        ReadinessCheck.EXPECTED.forEach(name -> report.add(new FixedCheck(name, name.equals("forwarding") ? List.of(UNBOUND) : List.of())));
        report.taken(new Taken(List.of(), List.of(new Unbound(KEY, UNBOUND)), List.of()));

        assertThat(report.get()).isEmpty();
    }

    @Test
    void kindThatNobodyRecognisesEndsNoStart() {
        Problem unrecognised = Problem.of(ProblemCode.NO_HANDLER, "flow.htttp", "nobody");
        StartReport report = new StartReport(LONG, SHORT);
        ReadinessCheck.EXPECTED.forEach(name -> report.add(new FixedCheck(name, name.equals("forwarding") ? List.of(unrecognised) : List.of())));
        report.taken(new Taken(List.of(), List.of(), List.of(Problem.of(ProblemCode.NO_HANDLER, "rule[0].match.kind", "nobody"))));

        assertThat(report.get()).isEmpty();
    }

    @Test
    void nodeWhoseTargetsAreAllDeadStartsAllTheSame() {
        StartReport report = new StartReport(LONG, LONG);
        ReadinessCheck.EXPECTED.forEach(name -> report.add(new FixedCheck(name, List.of())));
        report.add(new FixedCheck(ReadinessCheck.TARGETS, List.of(Problem.of(ProblemCode.COMPONENT_FAILED, "targets", "all are dead"))));

        assertThat(report.get()).isEmpty();
    }

    @Test
    void waitsForAPartThatComesUpLater() throws Exception {
        StartReport report = new StartReport(LONG, SHORT);
        report.add(new FixedCheck("rules", List.of()));
        report.add(new FixedCheck("forwarding", List.of()));
        report.add(new FixedCheck("deployment", List.of()));
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(report);

        report.add(new FixedCheck("admin", List.of()));

        assertThat(answer.get(10, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void waitsForAProblemThatGoesAway() {
        AtomicInteger asked = new AtomicInteger();
        StartReport report = new StartReport(LONG, LONG);
        report.add(new FixedCheck("rules", List.of()));
        report.add(new FixedCheck("admin", List.of()));
        report.add(new FixedCheck("deployment", List.of()));
        report.add(new ReadinessCheck() {
            @Override
            public String name() {
                return "forwarding";
            }

            @Override
            public List<Problem> problems() {
                return asked.incrementAndGet() < 4 ? List.of(UNBOUND) : List.of();
            }
        });

        assertThat(report.get()).isEmpty();
    }

    @Test
    void namesThePartsThatNeverCame() {
        StartReport report = new StartReport(SHORT, SHORT);
        FixedCheck admin = new FixedCheck("admin", List.of());
        report.add(new FixedCheck("rules", List.of()));
        report.add(new FixedCheck("deployment", List.of()));
        report.add(admin);
        report.remove(admin);

        assertThat(report.get().lines()).hasSize(2)
            .satisfiesExactly(l -> assertThat(l).startsWith("component_missing: forwarding: "),
                l -> assertThat(l).startsWith("component_missing: admin: "));
    }
}
