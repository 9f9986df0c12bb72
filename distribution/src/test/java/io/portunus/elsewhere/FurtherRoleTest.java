// SPDX-License-Identifier: Apache-2.0
package io.portunus.elsewhere;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.launcher.SmallJar;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A role that the launcher has never heard of, as a process: a class, two feature files and their jars are all there is of it. */
@Timeout(120)
class FurtherRoleTest {
    private static final Path CLASSES = Path.of("target", "classes");
    private static final Path TEST_CLASSES = Path.of("target", "test-classes");
    @TempDir
    private Path home;

    @BeforeEach
    void install() throws IOException {
        SmallJar.write(home.resolve("lib/launcher.jar"), Map.of("Implementation-Version", "9.9"), CLASSES, files(CLASSES));
        SmallJar.write(home.resolve("repository/com/example/gate/1.0.0/gate-1.0.0.jar"),
            Map.of("Bundle-ManifestVersion", "2", "Bundle-SymbolicName", "gate", "Bundle-Version", "1.0.0",
                "Import-Package", "org.osgi.framework", "Bundle-Activator", GateActivator.class.getName()),
            TEST_CLASSES, List.of(classFile(GateActivator.class)));
        SmallJar.write(home.resolve("repository/com/example/call/1.0.0/call-1.0.0.jar"), Map.of(), TEST_CLASSES, List.of(classFile(GateCall.class)));
        feature("gate");
        feature("gate-call");
    }

    @Test
    void startsWhenItIsReadyByItsOwnWordAndDrainsBeforeItEnds() throws Exception {
        Process gate = start("--gate", "WEST", "--log-format", "json", "--no-shell");
        try {
            while (!text("err").contains("\n") && gate.isAlive()) {
                LockSupport.parkNanos(10_000_000);
            }
            assertThat(text("err")).contains("\"event\":\"gate.opened\"", "\"message\":\"portunus-gate 9.9 is open\"");
        } finally {
            gate.destroy();
        }

        assertThat(gate.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(gate.exitValue()).isZero();
        assertThat(text("err")).contains("gate.closed", "portunus-gate 9.9 is closed");
        assertThat(text("out").lines()).containsExactly("everybody leaves west", "the gate is shut");
        assertThat(home.resolve("state/bundles/fingerprint")).exists();
    }

    @Test
    void whatKeepsItFromItsWorkIsASentenceAndItDoesNotStart() throws Exception {
        assertThat(finished("--gate", "stuck", "--no-shell")).isEqualTo(1);
        assertThat(text("err").strip()).isEqualTo("The gate stuck does not open.");
    }

    @Test
    void trustsNoFileOfItsOwnThatOthersMayWrite() throws Exception {
        Files.createDirectory(home.resolve("state"));
        Path key = Files.createFile(home.resolve("state/key"));
        assertThat(key.toFile().setWritable(true, false)).isTrue();

        assertThat(finished("--no-shell")).isEqualTo(1);
        assertThat(text("err")).contains("not to be believed", key.toString());
    }

    @Test
    void hasItsOwnFlagsAlone() throws Exception {
        assertThat(finished("--config", "portunus.toml")).isEqualTo(2);
        assertThat(text("err")).contains("Usage: portunus-gate", "--gate=NAME").doesNotContain("--stats-socket");
        assertThat(finished("--gate", "a very long one")).isEqualTo(2);
        assertThat(text("err")).contains("is longer than a gate");
        assertThat(finished("--version")).isZero();
        assertThat(text("out").strip()).isEqualTo("portunus-gate 9.9");
    }

    @Test
    void itsSubcommandSeesNothingOfTheLauncher() throws Exception {
        assertThat(finished("--gate", "East", "call", "--loud")).isEqualTo(7);
        assertThat(text("out").strip()).isEqualTo("gate east loud yes in " + home.resolve("state"));
        assertThat(text("err").strip()).isEqualTo("true");
        assertThat(home.resolve("state")).doesNotExist();
    }

    private int finished(String... arguments) throws Exception {
        Process process = start(arguments);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private Process start(String... arguments) throws IOException {
        // All but the classes of the launcher, which are in its jar here.
        String others = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(place -> !Path.of(place).endsWith(CLASSES)).collect(Collectors.joining(File.pathSeparator));
        List<String> words = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Dportunus.role=" + GateRole.class.getName(),
            "-cp", home.resolve("lib/launcher.jar") + File.pathSeparator + others, "io.portunus.launcher.Main",
            "--state-dir", home.resolve("state").toString()));
        words.addAll(List.of(arguments));
        return new ProcessBuilder(words).redirectOutput(home.resolve("out").toFile()).redirectError(home.resolve("err").toFile()).start();
    }

    private String text(String stream) throws IOException {
        return Files.readString(home.resolve(stream));
    }

    private void feature(String name) throws IOException {
        Files.createDirectories(home.resolve("features"));
        String artifact = name.substring(name.indexOf('-') + 1);
        Files.writeString(home.resolve("features").resolve(name + ".json"), """
            {"feature-resource-version": "1.0", "id": "com.example:%s:1.0.0", "bundles": [{"id": "com.example:%s:1.0.0", "start-level": 5}]}
            """.formatted(name, artifact));
    }

    private static Path classFile(Class<?> type) {
        return TEST_CLASSES.resolve(type.getName().replace('.', '/') + ".class");
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            return tree.filter(Files::isRegularFile).toList();
        }
    }
}
