// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.node.api.Deployment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A version that is called back in the moment in which it is taken away. */
class LeavingVersionTest {
    @TempDir
    Path directory;
    private Workbench bench;

    @BeforeEach
    void open() throws Exception {
        bench = new Workbench(directory);
    }

    @AfterEach
    void close() throws Exception {
        bench.engine.onHeld = () -> { };
        bench.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"remove", "rollback"})
    void versionThatIsBeingTakenAwayIsInstalledAgain(String change) throws Exception {
        CountDownLatch leaving = new CountDownLatch(1);
        CountDownLatch mayLeave = new CountDownLatch(1);
        bench.engine.onHeld = () -> {
            if (Thread.currentThread().getName().equals("deploy-drain")) {
                leaving.countDown();
                join(mayLeave);
            }
        };
        assertThat(bench.control.upgrade(bench.jar("1.1.0"), Workbench.BY, Optional.empty(), Set.of()).problems()).isEmpty();
        assertThat(leaving.await(10, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Deployment> result = new CompletableFuture<>();
        Thread back = Thread.ofPlatform().daemon().start(() -> result.complete(change(change).get()));
        Workbench.await(() -> Arrays.stream(back.getStackTrace()).anyMatch(frame -> frame.getClassName().equals(Drain.class.getName())));
        mayLeave.countDown();

        assertThat(result.get(20, TimeUnit.SECONDS).problems()).isEmpty();
        assertThat(bench.engine.serving()).contains("1.0.0");
        Workbench.await(() -> bench.versions().equals(List.of("1.0.0")));
        assertThat(bench.control.upgrade(bench.jar("1.2.0"), Workbench.BY, Optional.empty(), Set.of()).problems()).isEmpty();
    }

    private Supplier<Deployment> change(String name) {
        return name.equals("remove") ? () -> bench.control.remove(SampleJar.NAME, Workbench.BY, Optional.empty(), false)
            : () -> bench.control.rollback(SampleJar.NAME, Workbench.BY);
    }

    private static void join(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
