// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.BundleJar;
import io.portunus.itest.testkit.Ports;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the admin surface shows of the node is replaced, and taken back, while it is asked for. */
@Timeout(120)
class AdminUpgradeTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String NODE = "io.portunus.admin.node";

    @Test
    void theNodesResourcesAreReplacedWithoutARequestThatFails(@TempDir Path home) throws Exception {
        Path newer = BundleJar.versioned(Distribution.bundle("admin.node"), "0.1.1", home.resolve("jars"));
        try (Appliance appliance = Appliance.start(home, Rules.plain("plain", Ports.free(), Ports.free()) + "[deploy]\nbake = \"100ms\"\n")) {
            Set<Integer> statuses = new ConcurrentSkipListSet<>();
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> {
                while (!enough.get()) {
                    statuses.add(appliance.get("/v1/rules").statusCode());
                }
            });

            // Who asks for it is at work in what is replaced, and gets the answer all the same.
            HttpResponse<String> asked = appliance.upload("/v1/bundles", newer);
            assertThat(asked.body()).contains("\"done\":true", "serves in place of 0.1.0.SNAPSHOT");
            Await.until("the newer version serves alone", SOON, () -> listed(appliance, "0.1.1") && !listed(appliance, "0.1.0.SNAPSHOT"));
            assertThat(appliance.delete("/v1/bundles/admin.node").body()).contains("\"done\":true");
            Await.until("that of the distribution serves alone", SOON, () -> listed(appliance, "0.1.0.SNAPSHOT") && !listed(appliance, "0.1.1"));
            enough.set(true);
            asking.get();

            assertThat(new TreeSet<>(statuses)).containsExactly(200);
            assertThat(appliance.get("/v1/changes").body()).contains("bundle.upgrade", "bundle.remove");
            assertThat(appliance.get("/readyz").body()).contains("\"ready\":true", "\"degraded\":false");
        }
    }

    private static boolean listed(Appliance appliance, String version) {
        return appliance.get("/v1/bundles").body().contains("\"" + NODE + "\",\"version\":\"" + version + "\"");
    }
}
