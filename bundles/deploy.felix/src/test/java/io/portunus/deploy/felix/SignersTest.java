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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

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
        assertThat(verifiedBy(Files.readString(keys.resolve("root.pem")), SampleJar.NAME)).contains("CN=Signer");
        assertThat(problems(jar, "root.pem")).isEmpty();
    }

    @Test
    void signerSignsTheNamesThatStandBehindItAlone() throws Exception {
        sign("signer");
        String root = keys.resolve("root.pem").toString();

        assertThat(verifiedBy(root + " for sample.inspector", SampleJar.NAME)).contains("CN=Signer");
        assertThat(verifiedBy(root + " for com.acme.x,sample.*", SampleJar.NAME)).contains("CN=Signer");
        assertThat(verifiedBy(root + " for sample.*", "sample")).isEmpty();
        assertThat(verifiedBy(root + " for sample", SampleJar.NAME)).isEmpty();
        assertThat(verifiedBy(Files.readString(keys.resolve("root.pem")) + " for com.acme.*", SampleJar.NAME)).isEmpty();
        assertThat(Signers.of(List.of(root + " for com.acme.*")).whyNot(BundleJar.read(jar).signers(), SampleJar.NAME))
            .isEqualTo("CN=Signer, who signed it, may not sign sample.inspector.");
        assertThat(problems(jar, "root.pem for com.acme.*")).containsExactly(DeployCode.BUNDLE_UNSIGNED);
    }

    @Test
    void trustIsAskedAgainWhenOthersAreTrusted() throws Exception {
        sign("signer");
        JarStore store = new JarStore(directory.resolve("state/jars"));
        Files.copy(jar, store.path(SampleJar.NAME, "1.1.0"));
        AtomicReference<DeploySettings> settings = new AtomicReference<>(trusting(false));
        Trust trust = new Trust(store, settings::get);
        assertThat(trust.apply(SampleJar.NAME, "1.1.0")).isEmpty();

        settings.set(trusting(true, "stranger.pem"));
        assertThat(trust.apply(SampleJar.NAME, "1.1.0")).startsWith("is not trusted: its signer is none of the trusted ones");
        assertThat(trust.leftOut(SampleJar.NAME)).singleElement().asString().contains("1.1.0 was left out at the start");
        settings.set(trusting(true, "stranger.pem", "root.pem"));
        assertThat(trust.complaint(SampleJar.NAME, "1.1.0")).isEmpty();
        assertThat(trust.complaint(SampleJar.NAME, "7.0.0")).isPresent();
    }

    private static DeploySettings trusting(boolean required, String... pems) {
        return new DeploySettings(required, Arrays.stream(pems).map(pem -> keys.resolve(pem).toString()).toList(), Duration.ZERO, 3);
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
        return verifiedBy(keys.resolve(pem).toString(), SampleJar.NAME);
    }

    private Optional<String> verifiedBy(String signer, String name) {
        return Signers.of(List.of(signer)).verified(BundleJar.read(jar).signers(), name);
    }

    private static List<ProblemCode> problems(Path file, String pem) {
        List<String> trusted = List.of(keys.resolve(pem).toString());
        return new JarChecks(Optional.empty(), false, Map.of(), Claims.NONE, name -> List.of(new Version(1, 0, 0)))
            .problems(BundleJar.read(file), new DeploySettings(true, trusted, Duration.ZERO, 3), Signers.of(trusted), Set.of()).stream()
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
