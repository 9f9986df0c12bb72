// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.DeployCode;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Signs with the tools of the JDK: a root that issued the signer's certificate, and a stranger who signs for himself. */
@Timeout(120)
class SignersTest {
    @TempDir
    private static Path keys;
    private static boolean made;
    @TempDir
    private Path directory;
    private Path jar;

    @BeforeEach
    void makeKeys() throws Exception {
        jar = SampleJar.of("1.1.0").write(directory.resolve("a.jar"));
        if (!made) {
            keytool("-genkeypair", "-alias", "root", "-dname", "CN=Root", "-ext", "bc:c=ca:true");
            keytool("-genkeypair", "-alias", "signer", "-dname", "CN=Signer", "-signer", "root");
            keytool("-genkeypair", "-alias", "stranger", "-dname", "CN=Stranger");
            keytool("-genkeypair", "-alias", "late", "-dname", "CN=Late", "-signer", "root", "-startdate", "-10d", "-validity", "5");
            for (String alias : List.of("root", "signer", "stranger")) {
                keytool("-exportcert", "-rfc", "-alias", alias, "-file", keys.resolve(alias + ".pem").toString());
            }
            made = true;
        }
    }

    @Test
    void takesASignerThatIsTrustedItself() throws Exception {
        sign("signer");

        assertThat(verified("signer.pem")).contains("CN=Signer");
    }

    @Test
    void takesASignerWhoseIssuerIsTrusted() throws Exception {
        sign("signer");

        assertThat(verified("root.pem")).contains("CN=Signer");
        assertThat(Signers.of(List.of(Files.readString(keys.resolve("root.pem")))).verified(BundleJar.read(jar).signers())).contains("CN=Signer");
        assertThat(problems(jar, "root.pem")).isEmpty();
    }

    @Test
    void refusesAStrangerAndACertificateThatIsNotValidNow() throws Exception {
        sign("stranger");
        assertThat(verified("root.pem")).isEmpty();
        assertThat(problems(jar, "root.pem")).containsExactly(DeployCode.BUNDLE_UNSIGNED);

        jar = SampleJar.of("1.1.0").write(directory.resolve("b.jar"));
        sign("late");
        assertThat(verified("root.pem")).isEmpty();
    }

    @Test
    void refusesAJarWithoutASignature() {
        assertThat(problems(jar, "root.pem")).containsExactly(DeployCode.BUNDLE_UNSIGNED);
    }

    @Test
    void refusesAnEntryThatWasAddedLater() throws Exception {
        sign("signer");
        change("added.txt");

        assertThat(verified("root.pem")).isEmpty();
        assertThat(problems(jar, "root.pem")).containsExactly(DeployCode.BUNDLE_UNSIGNED);
    }

    @Test
    void refusesAnEntryThatWasChangedLater() throws Exception {
        sign("signer");
        change("io/portunus/deploy/felix/sample/SampleActivator.class");

        assertThatThrownBy(() -> BundleJar.read(jar)).isInstanceOf(DeployException.class).hasMessageContaining("after it was signed");
    }

    @Test
    void reportsACertificateThatCannotBeRead() {
        assertThat(Signers.of(List.of(directory.resolve("none.pem").toString())).complaints()).singleElement().asString().contains("none.pem");
    }

    @Test
    void readsNoPipeAndNoDevice() throws Exception {
        Path pipe = directory.resolve("pipe.pem");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

        assertThat(Signers.of(List.of(pipe.toString(), "/dev/zero")).complaints()).hasSize(2).allSatisfy(c -> assertThat(c).contains("a device"));
    }

    private void change(String entry) throws Exception {
        Path other = Files.writeString(directory.resolve("other"), "something else");
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            Files.copy(other, zip.getPath(entry), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Optional<String> verified(String pem) {
        return Signers.of(List.of(keys.resolve(pem).toString())).verified(BundleJar.read(jar).signers());
    }

    private static List<ProblemCode> problems(Path file, String pem) {
        List<String> trusted = List.of(keys.resolve(pem).toString());
        return new JarChecks(Optional.empty(), false, Map.of())
            .problems(BundleJar.read(file), new DeploySettings(true, trusted, Duration.ZERO, 3), Signers.of(trusted)).stream()
            .map(Problem::code).toList();
    }

    private void sign(String alias) throws Exception {
        run("jarsigner", List.of("-keystore", keys.resolve("store").toString(), "-storepass", "secret", jar.toString(), alias));
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-keystore", keys.resolve("store").toString(), "-storepass", "secret"));
        if (arguments[0].equals("-genkeypair")) {
            all.addAll(List.of("-keyalg", "EC"));
        }
        run("keytool", all);
    }

    private static void run(String tool, List<String> arguments) throws Exception {
        String program = Path.of(System.getProperty("java.home"), "bin", tool).toString();
        List<String> command = new ArrayList<>(List.of(program, "-J-XX:TieredStopAtLevel=1"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(keys.resolve("log").toFile()).start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(keys.resolve("log"))).isZero();
    }
}
