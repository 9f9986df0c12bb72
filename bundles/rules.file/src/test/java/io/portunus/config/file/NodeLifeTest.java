// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.node.api.ReadinessCheck;
import io.portunus.rules.file.FileRules;
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
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.helpers.NOPLogger;

@Timeout(20)
class NodeLifeTest {
    private static final Duration SHORT = Duration.ofMillis(40);

    @Test
    void everythingIsOfferedOnceTheTablesWereTakenAndTakenBack(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("portunus.toml"), "[[rule]]\nname = \"a\"\nlisten_port = 80\ntarget = \"db:80\"\n");
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        FakeEngine engine = new FakeEngine();
        NodeLife life = life(file, Declared.GRAMMAR, events);

        assertThat(next(events, 1)).containsExactly("+ReadinessCheck{}");
        assertThat(events).isEmpty();
        life.add(new FileRules(engine, engine.engine()));

        assertThat(next(events, 3)).containsExactly("+ConfigReload{}", "+Runnable{portunus.lifecycle=reload}",
            "+Supplier{portunus.lifecycle=started}");
        assertThat(engine.published()).hasSize(1);
        life.close();
        assertThat(next(events, 4)).containsExactlyInAnyOrder("-Supplier", "-Runnable", "-ConfigReload", "-ReadinessCheck");
    }

    @Test
    void aFileWithoutTablesThatCodeReadsWaitsForNobody(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("portunus.toml"), "[global]\nlabel = \"edge-7\"\n");
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        NodeLife life = life(file, Grammar.of(Declared.ALL, List.of()), events);

        assertThat(events).containsExactly("+ReadinessCheck{}", "+ConfigReload{}", "+Runnable{portunus.lifecycle=reload}",
            "+Supplier{portunus.lifecycle=started}");
        life.close();
    }

    @Test
    void whoComesAnewGetsTheTablesAgain(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("portunus.toml"), "[[rule]]\nname = \"a\"\nlisten_port = 80\ntarget = \"db:80\"\n");
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        FakeEngine engine = new FakeEngine();
        FakeEngine newer = new FakeEngine();
        BlockingQueue<String> published = new LinkedBlockingQueue<>();
        newer.onPublish(() -> published.add("published"));
        NodeLife life = life(file, Declared.GRAMMAR, events);
        FileRules first = new FileRules(engine, engine.engine());
        life.add(first);
        next(events, 4);

        life.remove(first);
        life.add(new FileRules(newer, newer.engine()));

        assertThat(next(published, 1)).containsExactly("published");
        life.close();
    }

    private static NodeLife life(Path file, Grammar grammar, Collection<String> events) {
        ConfigInForce inForce = ConfigInForce.load(key -> key.equals("portunus.config") ? Optional.of(file.toString()) : Optional.empty(),
            () -> grammar, new ConfigPush(new FakeConfigurations().admin()));
        Takers takers = new Takers();
        Reload reload = new Reload(inForce, takers, new ReloadEvents(NOPLogger.NOP_LOGGER, InstantSource.system(), file.toString()), () -> { });
        return new NodeLife(reload, takers, inForce, new StartReport(SHORT, SHORT), new Registrations(context(events))).start();
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

        registrations.reload(() -> { });
        registrations.started(() -> "");
        registrations.close();
        registrations.add(ReadinessCheck.class, new FixedCheck("rules", List.of()));

        assertThat(events).containsExactly("+Runnable{portunus.lifecycle=reload}", "+Supplier{portunus.lifecycle=started}",
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
