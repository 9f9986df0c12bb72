// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP/3 of ngtcp2 and of Chromium through a rule of UDP, on both transports and over both families. */
@Timeout(300)
class QuicPeersTest {
    private static final int PAGE_BYTES = 1 << 20;
    private static final int RESPONSES = 100;

    @TempDir
    private Path home;

    private void serve(DatagramRule rule) throws IOException {
        byte[] page = new byte[PAGE_BYTES];
        new Random(9000).nextBytes(page);
        Files.createDirectories(home.resolve("pages"));
        Files.createDirectories(home.resolve("got"));
        Files.write(home.resolve("pages/page"), page);
        Server.write(home.resolve("pages/index.html"), "<html><body>served by quic</body></html>");
        rule.requireName("far.test");
        rule.certificate();
        rule.launch("server", "gtlsserver", "--quiet", "--htdocs=" + rule.file("pages"), rule.address(), Integer.toString(rule.peer()),
            rule.file("key"), rule.file("certificate")).awaits("Using document root");
    }

    /** What the client writes; it takes a page and ends. */
    private static String get(DatagramRule rule, String... options) {
        List<String> command = new ArrayList<>(List.of("gtlsclient", "--quiet", "--exit-on-all-streams-close", "--sni=far.test",
            "--download=" + rule.file("got")));
        command.addAll(List.of(options));
        command.addAll(List.of(rule.address(), Integer.toString(rule.listen()), "https://far.test/page"));
        return Server.run(command);
    }

    /** The second version is what a packaged ngtcp2 has of it: its last draft, with a number of its own. */
    @ParameterizedTest
    @CsvSource({"epoll, 127.0.0.1", "epoll, ::1", "xnio, 127.0.0.1", "xnio, ::1"})
    void ngtcp2GetsAPageOfEachVersion(String transport, String address) throws IOException {
        try (DatagramRule rule = new DatagramRule(home, transport, address)) {
            serve(rule);
            rule.start();

            for (String version : List.of("--version=v1", "--version=v2draft")) {
                String written = get(rule, version);
                assertThat(home.resolve("got/page")).as(version + ": " + written).hasSameBinaryContentAs(home.resolve("pages/page"));
                Files.delete(home.resolve("got/page"));
            }
            rule.awaitCounted(RESPONSES);
        }
    }

    @ParameterizedTest
    @CsvSource({"epoll, 127.0.0.1", "epoll, ::1", "xnio, 127.0.0.1", "xnio, ::1"})
    void chromiumShowsAPageByHttp3(String transport, String address) throws IOException {
        try (DatagramRule rule = new DatagramRule(home, transport, address)) {
            serve(rule);
            rule.start();

            // It is forced to QUIC, and no server of TCP is behind the other rule: what it shows has come in datagrams.
            rule.launch("chromium", "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                "--user-data-dir=" + rule.file("profile"), "--host-resolver-rules=MAP far.test " + rule.bracketed(),
                "--origin-to-force-quic-on=far.test:" + rule.listen(), "--ignore-certificate-errors-spki-list=" + keyHash(rule), "--dump-dom",
                "https://far.test:" + rule.listen() + "/index.html").awaits("served by quic");

            rule.awaitCounted(2);
        }
    }

    /** By which Chromium trusts the certificate of this test: SHA-256 of its public key, in Base64. */
    private static String keyHash(DatagramRule rule) {
        return Server.run(List.of("sh", "-c", "openssl pkey -in " + rule.file("key")
            + " -pubout -outform der | openssl dgst -sha256 -binary | base64")).strip();
    }
}
