// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.BundleJar;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nobody else's token, jar or generation is believed. */
@Timeout(180)
class StateTrustTest {
    @TempDir
    private Path directory = Path.of(".");

    private String rules() {
        return Rules.plain("web", Ports.free(), 9);
    }

    @Test
    void aStateFolderThatOthersMayWriteToEndsTheStartWithASentence() throws IOException {
        Path state = Files.createDirectory(directory.resolve("state"));
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path config = Files.writeString(directory.resolve("a.toml"), rules());

        Appliance.Finished run = Appliance.run(directory, List.of("--config", config.toString(), "--state-dir", state.toString(), "--no-stats"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("chmod go-w " + state).doesNotContain("\tat ");
        assertThat(state).isEmptyDirectory();
    }

    @Test
    void aJarThatOthersMayWriteToIsRefusedWhileTheNodeRuns() throws IOException {
        try (Appliance appliance = Appliance.start(directory, rules())) {
            Path deploy = directory.resolve("state/deploy");
            Path jar = BundleJar.versioned(Distribution.bundle("flow.tls"), "0.1.1", directory.resolve("jars"));
            Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-rw-rw-"));
            Path reasons = deploy.resolve("a.jar.refused.txt");
            Path precious = Files.writeString(directory.resolve("precious"), "content");
            Files.createSymbolicLink(reasons, precious);

            Files.move(jar, deploy.resolve("a.jar"));

            Await.until("the jar is refused", Duration.ofSeconds(30), () -> Files.exists(deploy.resolve("a.jar.refused")));
            assertThat(reasons).content().startsWith("untrusted: ").contains("chmod go-w");
            assertThat(precious).hasContent("content");
            assertThat(appliance.get("/v1/bundles").body()).doesNotContain("\"0.1.1\"");
        }
    }
}
