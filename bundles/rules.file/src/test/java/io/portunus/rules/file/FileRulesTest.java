// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.RuleSet;
import io.portunus.node.api.ReadinessCheck;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.helpers.NOPLogger;

@Timeout(20)
class FileRulesTest {
    private static final Problem UNBOUND = Problem.of(ProblemCode.PORT_IN_USE, "listen *:80", "port 80 is taken");
    private static final Problem REFUSED = Problem.of(ProblemCode.DUPLICATE_NAME, "rule[1].name", "twice");
    private static final Duration SHORT = Duration.ofMillis(40);
    private static final Duration LONG = Duration.ofSeconds(15);

    @Test
    void aPublisherThatThrowsBecomesAProblem() {
        List<Problem> told = new Publication(rules -> {
            throw new IllegalStateException("broken");
        }).publish(new RuleSet("r1", List.of()));

        assertThat(told).singleElement().satisfies(p -> assertThat(p.text()).contains("broken"));
        assertThat(Publication.refusals(told)).isEqualTo(told);
    }

    @Test
    void anUnboundListenerIsNoRefusalOfTheRules() {
        assertThat(Publication.refusals(List.of(UNBOUND, REFUSED))).containsExactly(REFUSED);
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
    void nodeThatMayStartInPartStartsWithoutItsUnboundListeners() {
        StartReport report = new StartReport(LONG, LONG, true);
        ReadinessCheck.EXPECTED.forEach(name -> report.add(new FixedCheck(name, name.equals("forwarding") ? List.of(UNBOUND) : List.of())));
        report.published(List.of(UNBOUND));

        assertThat(report.get()).isEmpty();
    }

    @Test
    void kindThatNobodyRecognisesEndsNoStart() {
        Problem unrecognised = Problem.of(ProblemCode.NO_HANDLER, "flow.htttp", "nobody");
        StartReport report = new StartReport(LONG, SHORT);
        ReadinessCheck.EXPECTED.forEach(name -> report.add(new FixedCheck(name, name.equals("forwarding") ? List.of(unrecognised) : List.of())));
        report.published(List.of(Problem.of(ProblemCode.NO_HANDLER, "rule[0].match.kind", "nobody")));

        assertThat(report.get()).isEmpty();
    }

    @Test
    void nodeWhoseTargetsAreAllDeadStartsAllTheSame() {
        StartReport report = new StartReport(LONG, LONG);
        ReadinessCheck.EXPECTED.forEach(name -> report.add(new FixedCheck(name, List.of())));
        report.add(new FixedCheck(ReadinessCheck.TARGETS, List.of(Problem.of(ProblemCode.NO_TARGET_ALIVE, "targets", "all are dead"))));

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

    @Test
    void aSourceOffersEverythingOnceItsRulesArePublishedAndTakesItBack(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("portunus.toml"), "[[rule]]\nname = \"a\"\nlisten_port = 80\ntarget = \"db:80\"\n");
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        FakeEngine engine = new FakeEngine();
        ConfigInForce inForce = ConfigInForce.load(key -> key.equals("portunus.config") ? Optional.of(file.toString()) : Optional.empty(),
            () -> Declared.ALL, new ConfigPush(new FakeConfigurations().admin()));
        Reload reload = new Reload(inForce, new Publication(engine), engine.engine(), new ReloadEvents(NOPLogger.NOP_LOGGER,
            InstantSource.system(), file.toString()), () -> { });

        RuleSource source = new RuleSource(reload, file.toString(), () -> "", new StartReport(SHORT, SHORT),
            new Registrations(context(events))).start();

        assertThat(next(events, 5)).containsExactly("+ReadinessCheck{}", "+ConfigReload{}", "+Runnable{portunus.lifecycle=reload}",
            "+Runnable{portunus.lifecycle=drain}", "+Supplier{portunus.lifecycle=started}");
        assertThat(engine.published()).hasSize(1);
        assertThat(reload.check().problems()).isEmpty();
        source.close();
        assertThat(next(events, 5)).containsExactlyInAnyOrder("-Supplier", "-Runnable", "-Runnable", "-ConfigReload", "-ReadinessCheck");
    }

    private static List<String> next(BlockingQueue<String> events, int count) throws InterruptedException {
        List<String> next = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            next.add(String.valueOf(events.poll(10, TimeUnit.SECONDS)));
        }
        return next;
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

    private static BundleContext context(Collection<String> events) {
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
