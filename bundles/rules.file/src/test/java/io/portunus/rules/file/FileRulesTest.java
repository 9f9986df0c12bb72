// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.RuleSet;
import io.portunus.node.api.ReadinessCheck;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

@Timeout(20)
class FileRulesTest {
    private static final RuleSet RULES = new RuleSet("r1", List.of());
    private static final Problem UNBOUND = Problem.of(ProblemCode.PORT_IN_USE, "listen *:80", "port 80 is taken");
    private static final Problem REFUSED = Problem.of(ProblemCode.DUPLICATE_NAME, "rule[1].name", "twice");
    private static final Duration SHORT = Duration.ofMillis(40);
    private static final Duration LONG = Duration.ofSeconds(15);

    @Test
    void publishesOnItsOwnThreadAndTellsTheResultOnce() throws Exception {
        CompletableFuture<String> thread = new CompletableFuture<>();
        CompletableFuture<List<Problem>> done = new CompletableFuture<>();

        Thread publishing = new FirstPublication(rules -> {
            thread.complete(Thread.currentThread().getName());
            return List.of(UNBOUND);
        }, RULES, done::complete).start();

        assertThat(publishing.join(Duration.ofSeconds(10))).isTrue();
        assertThat(thread.get(10, TimeUnit.SECONDS)).isEqualTo("rules-publish");
        assertThat(done.get(10, TimeUnit.SECONDS)).containsExactly(UNBOUND);
    }

    @Test
    void aPublisherThatThrowsBecomesAProblem() {
        List<Problem> told = new ArrayList<>();

        new FirstPublication(rules -> {
            throw new IllegalStateException("broken");
        }, RULES, told::addAll).run();

        assertThat(told).singleElement().satisfies(p -> assertThat(p.text()).contains("broken"));
    }

    @Test
    void anUnboundListenerIsNoRefusalOfTheRules() {
        assertThat(FirstPublication.refusals(List.of(UNBOUND, REFUSED))).containsExactly(REFUSED);
    }

    @Test
    void aReadyNodeReportsNothing() {
        StartReport report = new StartReport(LONG, LONG);
        ReadinessCheck.EXPECTED.forEach(name -> report.add(new FixedCheck(name, List.of())));
        report.published(List.of());

        assertThat(report.get()).isEmpty();
    }

    @Test
    void rulesThatFailedAreToldAtOnceAndOnlyOnce() {
        StartReport report = new StartReport(LONG, LONG);
        ReadinessCheck.EXPECTED.forEach(name -> report.add(new FixedCheck(name, name.equals("forwarding") ? List.of(UNBOUND) : List.of())));
        report.published(List.of(UNBOUND));

        assertThat(report.get()).isEqualTo("port_in_use: listen *:80: port 80 is taken");
    }

    @Test
    void waitsForAPartThatComesUpLater() throws Exception {
        StartReport report = new StartReport(LONG, SHORT);
        report.add(new FixedCheck("rules", List.of()));
        report.add(new FixedCheck("forwarding", List.of()));
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
        report.add(admin);
        report.remove(admin);

        assertThat(report.get().lines()).hasSize(2)
            .satisfiesExactly(l -> assertThat(l).startsWith("component_missing: forwarding: "),
                l -> assertThat(l).startsWith("component_missing: admin: "));
    }

    @Test
    void registrationsAreTakenBackLastFirstAndNoneComesAfter() {
        List<String> events = new ArrayList<>();
        Registrations registrations = new Registrations(context(events));

        registrations.drain(() -> { });
        registrations.started(() -> "");
        registrations.close();
        registrations.add(ReadinessCheck.class, new FixedCheck("rules", List.of()));

        assertThat(events).containsExactly("+Runnable{portunus.lifecycle=drain}", "+Supplier{portunus.lifecycle=started}",
            "-Supplier", "-Runnable");
    }

    private static BundleContext context(List<String> events) {
        return proxy(BundleContext.class, (name, arguments) -> {
            assertThat(name).isEqualTo("registerService");
            String type = ((Class<?>) arguments[0]).getSimpleName();
            events.add("+" + type + arguments[2]);
            return proxy(ServiceRegistration.class, (unregister, none) -> {
                events.add("-" + type);
                return List.of();
            });
        });
    }

    /** What a fake does when one of its methods is called. */
    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
            (self, method, arguments) -> answer.to(method.getName(), arguments)));
    }
}
