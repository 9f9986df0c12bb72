// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PROXY headers that HAProxy and nginx write and read. */
@Timeout(90)
class ProxyHeaderPeersTest {
    private final int listen = Ports.free();
    private final int peer = Ports.free();
    private final List<AutoCloseable> open = new ArrayList<>();
    @TempDir
    private Path home;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T kept(T resource) {
        open.add(resource);
        return resource;
    }

    private Appliance appliance(String keys, int target) {
        return kept(Appliance.start(home, """
            [[rule]]
            name = "web"
            listen_port = %d
            target = "127.0.0.1:%d"
            %s
            """.formatted(listen, target, keys)));
    }

    private void haproxy(String lines) {
        Path config = Server.write(home.resolve("haproxy.cfg"),
            "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 20s\n  timeout server 20s\n" + lines);
        kept(Server.start(home.resolve("haproxy.log"), peer, List.of("haproxy", "-db", "-f", config.toString())));
    }

    private void nginx(String stream) {
        Path config = Server.write(home.resolve("nginx.conf"), """
            load_module /usr/lib/nginx/modules/ngx_stream_module.so;
            daemon off;
            pid %s/nginx.pid;
            events { }
            stream { %s }
            """.formatted(home, stream));
        kept(Server.start(home.resolve("nginx.log"), peer, List.of("nginx", "-p", home.toString(), "-e", "stderr", "-c", config.toString())));
    }

    /** What comes back to a client that sends this, and the client's own address. */
    private static String[] talk(int port, String said) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
            return new String[] {new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII), "127.0.0.1:" + socket.getLocalPort()};
        }
    }

    @ParameterizedTest
    @CsvSource({"v1, ''", "v2, ''", "v2, 'proxy_tlvs = [\"unique_id\", \"crc32c\"]'"})
    void haproxyKnowsTheClient(String version, String tlvs) throws IOException {
        haproxy("""
            frontend web
              mode http
              bind 127.0.0.1:%d accept-proxy
              http-request return status 200 content-type text/plain lf-string "client=%%[src]:%%[src_port]"
            """.formatted(peer));
        appliance("proxy_protocol = \"" + version + "\"\n" + tlvs, peer);

        String[] answer = talk(listen, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answer[0]).endsWith("client=" + answer[1]);
    }

    @ParameterizedTest
    @CsvSource({"v1", "v2"})
    void nginxKnowsTheClient(String version) throws IOException {
        nginx("server { listen 127.0.0.1:" + peer + " proxy_protocol; return \"client=$proxy_protocol_addr:$proxy_protocol_port\"; }");
        appliance("proxy_protocol = \"" + version + "\"", peer);

        String[] answer = talk(listen, "x");

        assertThat(answer[0]).isEqualTo("client=" + answer[1]);
    }

    @ParameterizedTest
    @CsvSource({"send-proxy", "send-proxy-v2", "send-proxy-v2 proxy-v2-options crc32c,unique-id"})
    void clientThatHaproxyDeclaresIsInTheRecord(String option) throws IOException {
        Backend echo = kept(Backend.naming("here"));
        Appliance appliance = appliance("accept_proxy = [\"127.0.0.1\"]", echo.port());
        haproxy("frontend in\n  bind 127.0.0.1:" + peer + "\n  unique-id-format %ci\n  default_backend out\n"
            + "backend out\n  server s 127.0.0.1:" + listen + " " + option + "\n");

        assertRecorded(appliance);
    }

    @ParameterizedTest
    @CsvSource({"on"})
    void clientThatNginxDeclaresIsInTheRecord(String option) throws IOException {
        Backend echo = kept(Backend.naming("here"));
        Appliance appliance = appliance("accept_proxy = [\"127.0.0.1\"]", echo.port());
        nginx("server { listen 127.0.0.1:" + peer + "; proxy_protocol " + option + "; proxy_pass 127.0.0.1:" + listen + "; }");

        assertRecorded(appliance);
    }

    /** P1. */
    @ParameterizedTest
    @CsvSource({"check send-proxy check-send-proxy"})
    void haproxysHealthChecksAreNoClients(String option) {
        Backend echo = kept(Backend.naming("here"));
        Appliance appliance = appliance("accept_proxy = [\"127.0.0.1\"]", echo.port());
        haproxy("frontend in\n  bind 127.0.0.1:" + peer + "\n  default_backend out\nbackend out\n  option tcp-check\n  tcp-check connect send-proxy\n"
            + "  tcp-check expect string here\n  server s 127.0.0.1:" + listen + " " + option + " inter 300ms\n");

        Await.until("checks come through", Duration.ofSeconds(20), () -> appliance.accessLog().lines().count() >= 3);
        assertThat(appliance.accessLog()).doesNotContain("proxy_header");
    }

    private void assertRecorded(Appliance appliance) throws IOException {
        String client;
        try (Socket socket = new Socket("127.0.0.1", peer)) {
            socket.setSoTimeout(10_000);
            assertThat(socket.getInputStream().readNBytes(5)).isEqualTo("here\n".getBytes(StandardCharsets.US_ASCII));
            client = "127.0.0.1:" + socket.getLocalPort();
        }
        Await.until("the record names " + client, Duration.ofSeconds(10), () ->
            appliance.accessLog().contains("\"peer\":\"" + client + "\",\"via\":\"127.0.0.1:"));
    }
}
