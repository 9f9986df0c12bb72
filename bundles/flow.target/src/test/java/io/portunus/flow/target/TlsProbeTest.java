// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Probe;
import io.portunus.model.Probe.Ask;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TlsProbeTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path folder;
    private static SSLContext server;

    private final SocketQuestioner questioner = new SocketQuestioner(() -> NoNames.INSTANCE, Environment.system());

    @BeforeAll
    static void makeACertificate() throws Exception {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "a",
            "-keyalg", "EC", "-dname", "CN=backend.example", "-keystore", store.toString(), "-storepass", new String(PASSWORD), "-storetype",
            "PKCS12").redirectErrorStream(true).start();
        assertThat(keytool.waitFor(50, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, PASSWORD);
        server = SSLContext.getInstance("TLS");
        server.init(managers.getKeyManagers(), null, null);
    }

    private static SSLServerSocket listener(String protocol) throws IOException {
        SSLServerSocket listener = (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        listener.setEnabledProtocols(new String[] {protocol});
        return listener;
    }

    private ProbeResult ask(String name, Backend backend) throws InterruptedException {
        Probe probe = new Probe(new Ask.Tls(name), Duration.ofSeconds(1), Duration.ofSeconds(10), 1, 1, OptionalInt.empty(), false);
        return questioner.ask(new ProbePlan(probe, "127.0.0.1", backend.port(), false, Optional.empty(), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void isContentWithAServerHelloWhoseCertificateNobodyTrusts(String protocol) throws Exception {
        try (Backend backend = new Backend(listener(protocol), Backend.silent())) {
            assertThat(ask("", backend)).isEqualTo(ProbeResult.GOOD);
        }
    }

    @Test
    void asksForTheName() throws Exception {
        SSLServerSocket listener = listener("TLSv1.3");
        SSLParameters parameters = listener.getSSLParameters();
        parameters.setSNIMatchers(List.of(SNIHostName.createSNIMatcher("backend\\.example")));
        listener.setSSLParameters(parameters);
        try (Backend backend = new Backend(listener, Backend.silent())) {
            assertThat(ask("backend.example", backend)).isEqualTo(ProbeResult.GOOD);
            assertThat(ask("other.example", backend)).as("a fatal alert is no hello").isEqualTo(ProbeResult.TLS);
        }
    }

    @Test
    void isNotContentWithAnythingElse() throws Exception {
        byte[] http = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        List<byte[]> answers = List.of(http, new byte[] {21, 3, 3, 0, 2, 2, 40}, new byte[] {22, 3, 3, 0, 0},
            new byte[] {22, 3, 3, 0, 4, 1, 0, 0, 0}, new byte[0]);
        for (byte[] answer : answers) {
            try (Backend backend = new Backend(socket -> {
                assertThat(socket.getInputStream().read()).isEqualTo(22);
                socket.getOutputStream().write(answer);
            })) {
                assertThat(ask("", backend)).isEqualTo(ProbeResult.TLS);
            }
        }
    }

    @Test
    void hearsAWarningAboutTheNameAndGoesOn() throws Exception {
        try (Backend backend = new Backend(socket -> {
            assertThat(socket.getInputStream().read()).isEqualTo(22);
            socket.getOutputStream().write(new byte[] {21, 3, 3, 0, 2, 1, 112, 22, 3, 3, 0, 4, 2, 0, 0, 0});
            // Closing with something unread would reset the connection, and take the answer with it.
            socket.getInputStream().readAllBytes();
        })) {
            assertThat(ask("a.example", backend)).isEqualTo(ProbeResult.GOOD);
        }
    }
}
