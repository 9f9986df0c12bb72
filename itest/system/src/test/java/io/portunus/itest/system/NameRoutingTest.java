// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Clients;
import io.portunus.itest.testkit.Ports;
import io.portunus.itest.testkit.TlsBackend;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names on a shared port, asked for by real clients. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(90)
class NameRoutingTest {
    private final int strict = Ports.free();
    private final int lenient = Ports.free();
    private final int plain = Ports.free();
    private Backend exact;
    private Backend wildcard;
    private Backend fallback;
    private Backend echo;
    private Appliance appliance;

    @BeforeAll
    void start(@TempDir Path directory) {
        exact = TlsBackend.start(directory, "exact");
        wildcard = TlsBackend.start(directory, "wildcard");
        fallback = TlsBackend.start(directory, "fallback");
        echo = Backend.echo();
        appliance = Appliance.start(directory, Rules.named("exact", strict, "a.example.test", exact.port())
            + Rules.named("wildcard", strict, "*.example.test", wildcard.port())
            + Rules.named("raw", strict, "raw.test", echo.port())
            + Rules.named("exact-too", lenient, "a.example.test", exact.port())
            + Rules.plain("rest", lenient, fallback.port())
            + Rules.plain("plain", plain, echo.port()));
    }

    @AfterAll
    void stop() throws IOException {
        appliance.close();
        for (Backend backend : List.of(exact, wildcard, fallback, echo)) {
            backend.close();
        }
    }

    private static List<String> openssl(int port, String... options) {
        List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port, "-quiet", "-verify_quiet"));
        command.addAll(Arrays.asList(options));
        return command;
    }

    /** S11. */
    @ParameterizedTest
    @CsvSource({
        "a.example.test, exact", "A.Example.TEST, exact", "b.example.test, wildcard"
    })
    void opensslReachesTheBackendOfTheName(String name, String backend) {
        for (String version : List.of("-tls1_2", "-tls1_3")) {
            assertThat(Tool.run("x\n", openssl(strict, "-servername", name, version)).text()).contains("I am " + backend);
        }
    }

    /** S16. */
    @Test
    void nameWithAnUnderscoreIsPassedOnThoughTheJdkBehindRefusesIt() {
        int before = wildcard.accepted();

        Tool.run("x\n", openssl(strict, "-servername", "under_score.example.test"));

        assertThat(wildcard.accepted()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b.example.test", "example.test", "other.test"})
    void nameOfNoRuleIsRefusedByAlertAndTouchesNoBackend(String name) {
        int before = exact.accepted() + wildcard.accepted() + fallback.accepted();

        Tool.Said said = Tool.run("x\n", openssl(strict, "-servername", name));

        assertThat(said.text()).containsIgnoringCase("unrecognized name");
        assertThat(said.exitCode()).isNotZero();
        assertThat(exact.accepted() + wildcard.accepted() + fallback.accepted()).isEqualTo(before);
    }

    @Test
    void clientWithoutANameGetsTheFallbackWhereThereIsOne() {
        assertThat(Tool.run("x\n", openssl(lenient, "-noservername")).text()).contains("I am fallback");
        assertThat(Tool.run("x\n", openssl(lenient, "-servername", "unknown.test")).text()).contains("I am fallback");
        assertThat(Tool.run("x\n", openssl(lenient, "-servername", "a.example.test")).text()).contains("I am exact");
        assertThat(Tool.run("x\n", openssl(strict, "-noservername")).text()).containsIgnoringCase("unrecognized name");
    }

    /** B7. The JDK behind the fallback refuses names that are addresses of IPv6, as it does underscores; it is reached all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1", "[2001:db8::1]"})
    void addressAsNameIsNoName(String address) {
        int before = fallback.accepted();

        Tool.run("x\n", openssl(lenient, "-servername", address));

        assertThat(fallback.accepted()).isEqualTo(before + 1);
        assertThat(Tool.run("x\n", openssl(strict, "-servername", address)).text()).containsIgnoringCase("unrecognized name");
        assertThat(appliance.get("/v1/explain?port=" + lenient + "&sni=" + address.replace("[", "%5B").replace("]", "%5D")).body())
            .contains("\"rule\":\"rest\"").contains("\"match\":\"fallback\"");
    }

    /** S4. */
    @Test
    void clientHelloCutIntoSmallRecordsIsRead() {
        assertThat(Tool.run("x\n", openssl(strict, "-servername", "a.example.test", "-max_send_frag", "512")).text()).contains("I am exact");
    }

    /** S2. */
    @Test
    void clientHelloOfMoreThan16KibibytesIsRead() {
        String alpn = IntStream.range(0, 120).mapToObj(i -> "p" + i + "-" + "x".repeat(180)).collect(Collectors.joining(","));

        assertThat(Tool.run("x\n", openssl(strict, "-servername", "b.example.test", "-alpn", alpn)).text()).contains("I am wildcard");
    }

    @Test
    void curlReachesTheBackendOfTheName() {
        Tool.Said said = Tool.run("", List.of("curl", "-sS", "-k", "--resolve", "a.example.test:" + strict + ":127.0.0.1",
            "https://a.example.test:" + strict + "/"));

        assertThat(said.text()).isEqualTo("I am exact\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theJdkReachesTheBackendOfTheName(String version) throws IOException {
        try (SSLSocket socket = (SSLSocket) TlsBackend.trustingClient().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), strict)) {
            socket.setSoTimeout(10_000);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName("c.example.test")));
            parameters.setProtocols(new String[] {version});
            socket.setSSLParameters(parameters);

            socket.getOutputStream().write('x');

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).contains("I am wildcard");
        }
    }

    static Stream<String> noClientHellos() {
        return Stream.of("GET / HTTP/1.1\r\nHost: a.example.test\r\n\r\n", "SSH-2.0-client\r\n",
            "\u0000\u0001\u0002", "\u0016\u0003\u0001\u0000\u0000");
    }

    /** S3. */
    @ParameterizedTest
    @MethodSource("noClientHellos")
    void whatIsNoClientHelloNeverReachesTheFallback(String bytes) throws IOException {
        int before = fallback.accepted();

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), lenient)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.getInputStream().readAllBytes();
        }

        assertThat(fallback.accepted()).isEqualTo(before);
    }

    /** S17. */
    @Test
    void silentClientIsClosedAfterThreeSecondsAndDisturbsNobody() throws IOException {
        long began = System.nanoTime();
        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), lenient)) {
            silent.setSoTimeout(10_000);
            assertThat(Tool.run("x\n", openssl(lenient, "-servername", "a.example.test")).text()).contains("I am exact");

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofMillis(2_500), Duration.ofMillis(6_000));
    }

    @Test
    void floodOfSilentClientsDisturbsNobody() throws IOException {
        List<Socket> flood = new ArrayList<>();
        try {
            for (int i = 0; i < 1_500; i++) {
                flood.add(new Socket(InetAddress.getLoopbackAddress(), lenient));
            }
            try (Socket other = new Socket(InetAddress.getLoopbackAddress(), plain)) {
                other.setSoTimeout(10_000);
                other.getOutputStream().write(42);
                assertThat(other.getInputStream().read()).isEqualTo(42);
            }
            assertThat(Tool.run("x\n", openssl(strict, "-servername", "a.example.test")).text()).contains("I am exact");
        } finally {
            for (Socket socket : flood) {
                socket.close();
            }
        }
        Await.until("the port takes hellos again", Duration.ofSeconds(10),
            () -> Tool.run("x\n", openssl(lenient, "-servername", "a.example.test")).text().contains("I am exact"));
        assertThat(appliance.get("/metrics").body()).containsPattern("portunus_tls_sni_peek_capacity_rejections_total\\{[^}]*} [1-9]");
    }

    @Test
    void explainNamesTheRuleAndWhyNotTheOthers() {
        String body = appliance.get("/v1/explain?port=" + strict + "&sni=a.example.test").body();

        assertThat(body).contains("exact").contains("it matches as a wildcard, but another rule has the exact name");
    }

    /** S6, S8. */
    @Test
    void recordOfARefusedClientHelloNamesWhatWasAsked() {
        Tool.run("x\n", openssl(strict, "-servername", "recorded.other.test"));

        Await.until("the access record is written", Duration.ofSeconds(5), () -> appliance.accessLog().lines()
            .anyMatch(l -> l.contains("recorded.other.test") && l.contains("no_matching_name")));
    }

    /** O1, S9. */
    @Test
    void recordOfAConnectionStatesItsNameItsBytesItsTimesAndWhoEndedIt() {
        Tool.run("x\n", openssl(strict, "-servername", "recorded.example.test"));

        Await.until("the access record is written", Duration.ofSeconds(10),
            () -> appliance.accessLog().contains("\"sni\":\"recorded.example.test\""));
        String record = appliance.accessLog().lines().filter(l -> l.contains("recorded.example.test")).findFirst().orElseThrow();
        assertThat(record).contains("\"rule\":\"wildcard\"", "\"target\":\"127.0.0.1:" + wildcard.port() + "\"", "\"kind\":\"tls\"")
            .containsPattern("\"bytes_in\":[1-9]").containsPattern("\"bytes_out\":[1-9]").containsPattern("\"peek_ms\":[0-9]")
            .containsPattern("\"connect_ms\":[0-9]").containsPattern("\"first_byte_ms\":[0-9]").containsPattern("\"total_ms\":[0-9]")
            .containsPattern("\"close_reason\":\"[a-z_]+\",\"closed_by\":\"(both|upstream|downstream)\"");
    }

    /** O3. */
    @Test
    void liveConnectionIsListedWithItsRuleTargetAndAgeAndCanBeEnded() throws IOException {
        byte[] clientHello = ClientHellos.named("raw.test");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), strict)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(clientHello);
            assertThat(socket.getInputStream().readNBytes(clientHello.length)).isEqualTo(clientHello);

            String listed = appliance.get("/v1/flows?rule=raw").body();
            assertThat(listed).contains("\"rule\":\"raw\"", "127.0.0.1:" + echo.port(), "\"age_secs\":", "flow.tcp\":",
                "127.0.0.1:" + socket.getLocalPort());
            String id = listed.replaceAll("(?s).*\"flow_id\":([0-9]+).*", "$1");
            assertThat(appliance.post("/v1/flows/" + id + "/kill").statusCode()).isEqualTo(204);

            assertThat(Clients.ended(socket)).isTrue();
        }
        Await.until("the record says who", Duration.ofSeconds(10), () -> appliance.accessLog().lines()
            .anyMatch(l -> l.contains("\"sni\":\"raw.test\"") && l.contains("\"close_reason\":\"killed\",\"closed_by\":\"operator\"")));
    }

    @Test
    void clientHelloAndWhatFollowsReachTheBackendUnchanged() throws IOException {
        // A backend that is no TLS server sees the very bytes that the client sent.
        byte[] clientHello = ClientHellos.named("raw.test");
        byte[] early = "bytes right behind the hello".getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), strict)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(clientHello);
            socket.getOutputStream().write(early);
            InputStream in = socket.getInputStream();

            assertThat(in.readNBytes(clientHello.length)).isEqualTo(clientHello);
            assertThat(in.readNBytes(early.length)).isEqualTo(early);
        }
    }
}
