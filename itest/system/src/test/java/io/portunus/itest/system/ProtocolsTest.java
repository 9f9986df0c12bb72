// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import io.portunus.itest.testkit.TlsBackend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several protocols on one port, names in HTTP, application protocols, and who may come from where. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(90)
class ProtocolsTest {
    private final int shared = Ports.free();
    private final int deep = Ports.free();
    private final int guarded = Ports.free();
    private final List<Backend> backends = new ArrayList<>();
    private Appliance appliance;

    @BeforeAll
    void start(@TempDir Path directory) {
        String rules = rule("web", shared, "match = { kind = \"http\", name = \"a.test\" }")
            + rule("web-rest", shared, "match = { kind = \"http\" }")
            + rule("shell", shared, "match = { kind = \"ssh\" }")
            + rule("database", shared, "match = { kind = \"postgres\" }")
            + rule("desktop", shared, "match = { kind = \"rdp\" }")
            + rule("anything", shared, "match = { kind = \"any\", silence = \"300ms\" }")
            + tls("secure", shared, directory, "sni = \"s.test\"")
            + tls("h2", deep, directory, "sni = \"**.deep.test\"\nmatch = { alpn = [\"h2\"] }")
            + tls("below", deep, directory, "sni = \"**.deep.test\"")
            + tls("numbered", deep, directory, "sni = \"~node[0-9]+\\\\.test\"")
            + rule("nobody", guarded, "match = { allow = [\"192.0.2.0/24\"] }");
        appliance = Appliance.start(directory, rules);
    }

    private String rule(String name, int port, String keys) {
        return rule(name, port, keys, Backend.naming(name));
    }

    private String tls(String name, int port, Path directory, String keys) {
        return rule(name, port, keys, TlsBackend.start(directory, name));
    }

    private String rule(String name, int port, String keys, Backend backend) {
        backends.add(backend);
        return Rules.plain(name, port, backend.port()) + keys + "\n";
    }

    @AfterAll
    void stop() throws IOException {
        appliance.close();
        for (Backend backend : backends) {
            backend.close();
        }
    }

    /** The first line of the answer to a client that sends this. */
    private static String answer(int port, byte[] said) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(said);
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1)).readLine();
            return line == null ? "" : line;
        } catch (IOException reset) {
            return "";
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1\r\nHost: A.test:8080\r\n\r\n', web",
        "'POST /x HTTP/1.1\r\nhost:a.test.\r\n\r\n', web",
        "'GET / HTTP/1.1\r\nHost: other.test\r\n\r\n', web-rest",
        "'GET / HTTP/1.0\r\n\r\n', web-rest",
        "'SSH-2.0-OpenSSH_9.2\r\n', shell",
        "'EHLO me\r\n', anything"})
    void textOfEachProtocolReachesItsTarget(String said, String target) {
        assertThat(answer(shared, ascii(said))).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({
        "0000000804d2162f, database",
        "00000017000300007573657200706f737467726573000000, database",
        "0300002722e00000000000436f6f6b69653a206d737473686173683d610d0a0100080003000000, desktop",
        "ff00ff00ff00, anything"})
    void bytesOfEachProtocolReachTheirTarget(String hex, String target) {
        assertThat(answer(shared, HexFormat.of().parseHex(hex))).isEqualTo(target);
    }

    /** S7. */
    @Test
    void clientThatWaitsForTheServerGetsThrough() {
        // S7: nobody sends anything first, as with SMTP or MySQL.
        assertThat(answer(shared, new byte[0])).isEqualTo("anything");
    }

    @Test
    void namesOfTlsStandBesideOtherProtocols() {
        assertThat(Tool.run("x\n", openssl(shared, "s.test")).text()).contains("I am secure");
    }

    private static List<String> openssl(int port, String name, String... options) {
        List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port, "-quiet", "-verify_quiet",
            "-servername", name));
        command.addAll(Arrays.asList(options));
        return command;
    }

    /** S13. */
    @ParameterizedTest
    @CsvSource({"a.deep.test, '', below", "a.b.c.deep.test, '', below", "a.b.deep.test, h2, h2", "a.deep.test, http/1.1, below",
        "a.deep.test, acme-tls/1, below",
        "node42.test, '', numbered"})
    void patternsOfAnyDepthExpressionsAndApplicationProtocolsChoose(String name, String alpn, String target) {
        String[] offer = alpn.isEmpty() ? new String[0] : new String[] {"-alpn", alpn};

        assertThat(Tool.run("x\n", openssl(deep, name, offer)).text()).contains("I am " + target);
    }

    @Test
    void nameThatNoPatternTakesIsRefused() {
        assertThat(Tool.run("x\n", openssl(deep, "deep.test")).text()).containsIgnoringCase("unrecognized name");
        assertThat(Tool.run("x\n", openssl(deep, "nodex.test")).text()).containsIgnoringCase("unrecognized name");
    }

    @Test
    void clientThatNoRuleTakesIsRefusedAndTheReasonIsKept() {
        assertThat(answer(guarded, ascii("hello"))).isEmpty();

        Await.until("the record says why", Duration.ofSeconds(10), () -> appliance.accessLog().contains("\"close_reason\":\"source_denied\""));
        assertThat(appliance.get("/v1/explain?port=" + guarded + "&plain=true&source=192.0.2.9").body()).contains("\"decision\":\"routed\"");
        assertThat(appliance.get("/v1/explain?port=" + guarded + "&plain=true&source=198.51.100.1").body()).contains("source_denied");
    }
}
