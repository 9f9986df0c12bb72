// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Clients;
import io.portunus.itest.testkit.Ports;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The PROXY protocol, out to targets and in from balancers, byte by byte; P1 to P7 of the cases that users met. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(90)
class ProxyProtocolTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private final int text = Ports.free();
    private final int binary = Ports.free();
    private final int trusted = Ports.free();
    private final int named = Ports.free();
    private final int strangers = Ports.free();
    private final int probed = Ports.free();
    private final int bare = Ports.free();
    private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> probes = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> bareProbes = new LinkedBlockingQueue<>();
    private Backend sink;
    private Backend checked;
    private Backend checkedBarely;
    private Appliance appliance;

    @BeforeAll
    void start(@TempDir Path directory) {
        // Reports all that a connection brought once its client has finished.
        sink = Backend.start(socket -> {
            received.add(socket.getInputStream().readAllBytes());
            socket.getOutputStream().write("done".getBytes(StandardCharsets.US_ASCII));
        });
        checked = Backend.start(socket -> probes.add(socket.getInputStream().readAllBytes()));
        checkedBarely = Backend.start(socket -> bareProbes.add(socket.getInputStream().readAllBytes()));
        String trust = "accept_proxy = [\"127.0.0.0/8\"]\naccept_proxy_timeout = \"1s\"\n";
        appliance = Appliance.start(directory, rule("text", text, "proxy_protocol = \"v1\"\n")
            + rule("binary", binary, "proxy_protocol = \"v2\"\nproxy_tlvs = [\"unique_id\", \"crc32c\"]\n")
            + rule("trusted", trusted, trust + "proxy_protocol = \"v1\"\n")
            + rule("named", named, trust + "sni = \"a.test\"\nproxy_protocol = \"v2\"\nproxy_tlvs = [\"authority\"]\n")
            + rule("strangers", strangers, "accept_proxy = [\"192.0.2.0/24\"]\n")
            + Rules.plain("probed", probed, checked.port())
            + "proxy_protocol = \"v2\"\nhealth = { probe = \"tcp\", interval = \"1s\" }\n"
            + Rules.plain("bare", bare, checkedBarely.port())
            + "proxy_protocol = \"v2\"\nhealth = { probe = \"talk\", send = \"hello\", interval = \"1s\", proxy = false }\n");
    }

    @AfterAll
    void stop() throws IOException {
        appliance.close();
        sink.close();
        checked.close();
        checkedBarely.close();
    }

    private String rule(String name, int port, String keys) {
        return Rules.plain(name, port, sink.port()) + keys;
    }

    /** What a client is answered that sends this and finishes. */
    private static String talk(int port, byte[] bytes) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (SocketException reset) {
            return "reset";
        }
    }

    private byte[] arrived() throws InterruptedException {
        byte[] bytes = received.poll(10, TimeUnit.SECONDS);
        assertThat(bytes).isNotNull();
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** P7. */
    @Test
    void textHeaderDeclaresTheClientAndComesBeforeItsBytes() throws Exception {
        assertThat(talk(text, ascii("hello"))).isEqualTo("done");

        assertThat(new String(arrived(), StandardCharsets.US_ASCII))
            .matches("PROXY TCP4 127\\.0\\.0\\.1 127\\.0\\.0\\.1 [0-9]+ " + text + "\r\nhello");
    }

    /** P4. */
    @Test
    void binaryHeaderDeclaresWhatTheTargetAskedFor() throws Exception {
        assertThat(talk(binary, ascii("hello"))).isEqualTo("done");

        String hex = HexFormat.of().formatHex(arrived());
        assertThat(hex).startsWith(SIGNATURE + "2111").endsWith(HexFormat.of().formatHex(ascii("hello")));
        assertThat(hex.substring(32, 48)).isEqualTo("7f0000017f000001");
        assertThat(Integer.parseInt(hex.substring(52, 56), 16)).isEqualTo(binary);
        assertThat(hex.substring(56)).contains("05").contains("03");
    }

    @ParameterizedTest
    @CsvSource({
        "'PROXY TCP4 203.0.113.7 198.51.100.1 4000 443\r\n', PROXY TCP4 203.0.113.7 198.51.100.1 4000 443",
        "'PROXY TCP6 2001:db8::7 2001:db8::1 4000 443\r\n', PROXY TCP6 2001:db8::7 2001:db8::1 4000 443",
        "'PROXY UNKNOWN\r\n', PROXY UNKNOWN"})
    void clientThatATrustedBalancerDeclaresIsTheClientFromThereOn(String header, String passedOn) throws Exception {
        assertThat(talk(trusted, ascii(header + "hello"))).isEqualTo("done");

        assertThat(new String(arrived(), StandardCharsets.US_ASCII)).startsWith(passedOn).endsWith("\r\nhello");
    }

    /** P1, P2. */
    @Test
    void healthCheckOfABalancerIsTakenAndItsAddressesAreSkipped() throws Exception {
        // P1 and P2: LOCAL, with addresses that must not leak into the stream.
        byte[] local = HexFormat.of().parseHex(SIGNATURE + "2011000c" + "0102030405060708090a0b0c");
        byte[] all = new byte[local.length + 5];
        System.arraycopy(local, 0, all, 0, local.length);
        System.arraycopy(ascii("hello"), 0, all, local.length, 5);

        assertThat(talk(trusted, all)).isEqualTo("done");

        assertThat(new String(arrived(), StandardCharsets.US_ASCII)).endsWith("\r\nhello").doesNotContain("\u0001");
    }

    /** P3. */
    @Test
    void trustedSourceWithoutAHeaderIsRefused() throws Exception {
        assertThat(talk(trusted, ascii("GET / HTTP/1.1\r\n\r\n"))).isNotEqualTo("done");

        Await.until("the record says why", SOON, () -> appliance.accessLog().contains("\"close_reason\":\"proxy_header_missing\""));
        assertThat(received).isEmpty();
    }

    /** P3. */
    @Test
    void headerThatDoesNotComeInTimeIsRefused() throws Exception {
        try (Socket silent = new Socket("127.0.0.1", trusted)) {
            silent.setSoTimeout(10_000);
            assertThat(Clients.ended(silent)).isTrue();
        }
        Await.until("the record says why", SOON, () -> appliance.accessLog().contains("\"close_reason\":\"proxy_header_timeout\""));
    }

    /** P3. */
    @Test
    void headerOfAnUntrustedSourceCountsForNothing() throws Exception {
        assertThat(talk(strangers, ascii("PROXY TCP4 203.0.113.7 198.51.100.1 4000 443\r\nhello"))).isEqualTo("done");

        assertThat(new String(arrived(), StandardCharsets.US_ASCII)).startsWith("PROXY TCP4 203.0.113.7");
        Await.until("the record has the real peer", SOON, () -> appliance.accessLog().lines()
            .anyMatch(l -> l.contains("\"rule\":\"strangers\"") && l.contains("\"peer\":\"127.0.0.1:") && l.contains("\"via\":null")));
    }

    /** P4. */
    @Test
    void nameIsReadBehindTheHeaderAndDeclaredToTheTarget() throws Exception {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        sent.write(ascii("PROXY TCP4 203.0.113.9 198.51.100.1 4000 443\r\n"));
        byte[] clientHello = ClientHellos.named("a.test");
        sent.write(clientHello);

        assertThat(talk(named, sent.toByteArray())).isEqualTo("done");

        byte[] bytes = arrived();
        String hex = HexFormat.of().formatHex(bytes);
        assertThat(hex).startsWith(SIGNATURE + "2111").contains("cb007109").endsWith(HexFormat.of().formatHex(clientHello));
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).contains("a.test");
        Await.until("the record has both", SOON, () -> appliance.accessLog().lines()
            .anyMatch(l -> l.contains("\"peer\":\"203.0.113.9:4000\"") && l.contains("\"via\":\"127.0.0.1:")));
    }

    /** P1. */
    @Test
    void probesOfATargetThatRequiresAHeaderAreLocal() throws Exception {
        byte[] probe = probes.poll(15, TimeUnit.SECONDS);

        assertThat(HexFormat.of().formatHex(probe)).isEqualTo(SIGNATURE + "20000000");
        assertThat(appliance.get("/v1/targets?rule=probed").body()).contains("\"state\":\"healthy\"");
    }

    /** P5: the wire of these targets begins with a header, and their probes do not. */
    @Test
    void probesHaveNoHeaderWhereTheRuleSetsIt() throws Exception {
        byte[] probe = bareProbes.poll(15, TimeUnit.SECONDS);

        assertThat(new String(probe, StandardCharsets.US_ASCII)).isEqualTo("hello");
        talk(bare, ascii("client"));
        Await.until("the client's bytes come behind a header", SOON, () -> bareProbes.stream()
            .anyMatch(bytes -> HexFormat.of().formatHex(bytes).startsWith(SIGNATURE + "2111")));
    }

    @Test
    void headerInSinglePiecesIsReadToo() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", trusted)) {
            socket.setSoTimeout(10_000);
            socket.setTcpNoDelay(true);
            for (byte each : ascii("PROXY TCP4 203.0.113.8 198.51.100.1 4000 443\r\nxy")) {
                socket.getOutputStream().write(each);
            }
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("done");
        }
        assertThat(new String(arrived(), StandardCharsets.US_ASCII)).startsWith("PROXY TCP4 203.0.113.8 ").endsWith("\r\nxy");
    }
}
