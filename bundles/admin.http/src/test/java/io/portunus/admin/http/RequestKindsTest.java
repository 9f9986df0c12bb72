// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes over the socket, byte by byte: kinds of requests that two readers of HTTP may take for different ones. */
@Timeout(60)
class RequestKindsTest {
    private static final String HOST = "Host: localhost\r\n";

    @TempDir
    Path state;
    private AdminClient client;

    @BeforeEach
    void start() throws IOException {
        client = AdminClient.of(state);
    }

    @AfterEach
    void stop() {
        client.close();
    }

    /** In the cases {@code ~} is CR LF, {@code @} LF alone, {@code ^} CR alone, {@code #0} NUL, {@code #9} TAB and {@code #7} BEL. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        400 | malformed_request          | GET /v1/rules HTTP/1.1~Host: localhost~Authorization: Bearer~ TOKEN~~
        400 | malformed_request          | GET /v1/rules HTTP/1.1~Host: localhost~Authorization:~#9Bearer TOKEN~~
        400 | malformed_request          | GET /healthz HTTP/1.1~ X: y~Host: localhost~~
        505 | http_version_not_supported | GET /healthz HTTP/9.9~Host: localhost~~
        505 | http_version_not_supported | GET /healthz HTTP/2.0~Host: localhost~~
        505 | http_version_not_supported | GET /healthz HTTP/1.2~Host: localhost~~
        505 | http_version_not_supported | GET /healthz HTTP/0.9~Host: localhost~~
        505 | http_version_not_supported | PRI * HTTP/2.0~~SM~~
        400 | malformed_request          | GET /healthz~~
        400 | malformed_request          | GET /healthz http/1.1~Host: localhost~~
        400 | malformed_request          | GET /healthz HTTP/1.1 ~Host: localhost~~
        400 | malformed_request          | GET  /healthz HTTP/1.1~Host: localhost~~
        400 | malformed_request          | GET#9/healthz HTTP/1.1~Host: localhost~~
        400 | malformed_request          | GET /health z HTTP/1.1~Host: localhost~~
        400 | malformed_request          | G(T /healthz HTTP/1.1~Host: localhost~~
        400 | malformed_request          | POST /v1/reload HTTP/1.1~Host: localhost~Content-Length: 3~Transfer-Encoding: chunked~~0~~
        400 | malformed_request          | POST /v1/reload HTTP/1.1~Host: localhost~Transfer-Encoding: identity~Content-Length: 3~~abc
        411 | length_required            | POST /v1/reload HTTP/1.1~Host: localhost~Transfer-Encoding: chunked~~3;x=y~abc~0~~
        411 | length_required            | POST /v1/reload HTTP/1.1~Host: localhost~Transfer-Encoding: xchunked~~
        400 | malformed_request          | POST /v1/reload HTTP/1.0~Transfer-Encoding: chunked~~0~~
        400 | malformed_request          | POST /v1/reload HTTP/1.1~Host: localhost~Content-Length: 3~Content-Length: 3~~abc
        400 | malformed_request          | POST /v1/reload HTTP/1.1~Host: localhost~Content-Length: 3~Content-Length: 4~~abc
        400 | malformed_request          | POST /v1/reload HTTP/1.1~Host: localhost~Content-Length: 3, 3~~abc
        400 | malformed_request          | POST /v1/reload HTTP/1.1~Host: localhost~Content-Length: +3~~abc
        400 | malformed_request          | POST /v1/reload HTTP/1.1~Host: localhost~Content-Length: -1~~
        400 | malformed_request          | POST /v1/reload HTTP/1.1~Host: localhost~Content-Length: 0x3~~abc
        400 | malformed_request          | POST /v1/reload HTTP/1.1~Host: localhost~Content-Length:~~abc
        400 | malformed_request          | POST /v1/reload HTTP/1.1~Host: localhost~Content-Length: 99999999999999999999~~abc
        400 | malformed_request          | POST /v1/reload HTTP/1.1~Host: localhost~Content-Length : 3~~abc
        400 | malformed_request          | GET /healthz HTTP/1.1@Host: localhost@@
        400 | malformed_request          | GET /healthz HTTP/1.1~Host: localhost@~~
        400 | malformed_request          | GET /healthz HTTP/1.1~Host: localhost~X: a^b~~
        400 | malformed_request          | GET /healthz HTTP/1.1~Host: localhost~X: a#0b~~
        400 | malformed_request          | GET /healthz HTTP/1.1~Host: localhost~X: a#7b~~
        400 | malformed_request          | GET /health#0z HTTP/1.1~Host: localhost~~
        400 | malformed_request          | GET /healthz HTTP/1.1~Host : localhost~~
        400 | malformed_request          | GET /healthz HTTP/1.1~Host#9: localhost~~
        400 | malformed_request          | GET /healthz HTTP/1.1~Host: localhost~: empty~~
        400 | malformed_request          | GET /healthz HTTP/1.1~Host: localhost~nothing~~
        400 | malformed_request          | GET /healthz HTTP/1.1~~
        400 | malformed_request          | GET /healthz HTTP/1.1~Host: localhost~Host: evil.example~~
        400 | malformed_request          | GET /healthz HTTP/1.1~Host: localhost~Host: localhost~~
        400 | malformed_request          | GET http://evil.example/healthz HTTP/1.1~Host: localhost~~
        400 | malformed_request          | GET http://a@localhost/healthz HTTP/1.1~Host: localhost~~
        400 | malformed_request          | GET healthz HTTP/1.1~Host: localhost~~
        400 | malformed_request          | GET * HTTP/1.1~Host: localhost~~
        400 | malformed_request          | CONNECT localhost:443 HTTP/1.1~Host: localhost:443~~
        400 | malformed_request          | GET /%zz HTTP/1.1~Host: localhost~~
        400 | malformed_request          | GET /healthz% HTTP/1.1~Host: localhost~~
        400 | malformed_request          | GET /%ff HTTP/1.1~Host: localhost~~
        400 | malformed_request          | GET /%c0%af HTTP/1.1~Host: localhost~~
        400 | malformed_request          | GET /healthz%00 HTTP/1.1~Host: localhost~~
        400 | malformed_request          | GET /v1%2frules HTTP/1.1~Host: localhost~~
        400 | malformed_request          | GET /v1%5Crules HTTP/1.1~Host: localhost~~
        400 | malformed_request          | GET /v1\\rules HTTP/1.1~Host: localhost~~
        400 | malformed_request          | GET /healthz#x HTTP/1.1~Host: localhost~~
        400 | malformed_request          | GET /v1/flows?rule=%00 HTTP/1.1~Host: localhost~~
        400 | malformed_request          | GET /v1/flows?rule=%f HTTP/1.1~Host: localhost~~
        400 | malformed_request          | ~~~GET /healthz HTTP/1.1~Host: localhost~~
        417 | expectation_failed         | GET /healthz HTTP/1.1~Host: localhost~Expect: tea~~""")
    void areRefusedInTheOneFormOfProblems(int status, String code, String request) throws Exception {
        String bytes = request.replace("~", "\r\n").replace("@", "\n").replace("^", "\r").replace("#0", "\0").replace("#9", "\t")
            .replace("#7", "\u0007").replace("a\nlocalhost", "a@localhost");

        String answer = ask(bytes);

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("Content-Type: application/json\r\n", "Connection: close\r\n",
            "{\"error\":{\"code\":\"" + code + "\",\"message\":\"");
    }

    @Test
    void tooLargeIsAnsweredAndNotReset() throws Exception {
        assertThat(ask("GET /" + "x".repeat(200_000) + " HTTP/1.1\r\n" + HOST + "\r\n")).startsWith("HTTP/1.1 414 ").contains("uri_too_long");
        assertThat(ask("GET / HTTP/1.1\r\n" + HOST + "X: " + "x".repeat(200_000) + "\r\n\r\n")).startsWith("HTTP/1.1 431 ")
            .contains("header_too_large");
        assertThat(ask("GET / HTTP/1.1\r\n" + HOST + "X: y\r\n".repeat(65) + "\r\n")).startsWith("HTTP/1.1 431 ").contains("header_too_large");
        assertThat(ask("GET /?" + "a&".repeat(16) + " HTTP/1.1\r\n" + HOST + "\r\n")).startsWith("HTTP/1.1 400 ").contains("too_many_parameters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET http://localhost:7080/healthz HTTP/1.1\r\nHost: LocalHost:7080\r\nConnection: close\r\n\r\n",
        "GET http://localhost/healthz HTTP/1.1\r\nHost: LOCALHOST\r\nConnection: close\r\n\r\n",
        "GET /%68ealthz HTTP/1.1\r\nhost:localhost\r\nX-Umlaut: \u00fc\r\nEmpty:\r\nConnection: close\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: [::1]:7080\r\nExpect: 100-continue\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"})
    void whatIsFitIsServed(String request) throws Exception {
        assertThat(ask(request)).startsWith("HTTP/1.1 200 ").endsWith("{\"status\":\"ok\"}");
    }

    @Test
    void requestsInOneWriteAndOneByteAtATimeAreServedInOrder() throws Exception {
        String two = "GET /healthz HTTP/1.1\r\n" + HOST + "\r\nPOST /v1/reload HTTP/1.1\r\n" + HOST
            + "Content-Length: 5\r\n\r\nabcdeGET / HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";

        assertThat(statuses(ask(two))).containsExactly("200", "401", "200");
        try (Socket socket = connect()) {
            socket.setTcpNoDelay(true);
            for (byte one : two.getBytes(ISO_8859_1)) {
                socket.getOutputStream().write(one);
            }
            assertThat(statuses(all(socket.getInputStream()))).containsExactly("200", "401", "200");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/healthz;x=y", "/healthz/", "//healthz", "/./healthz", "/v1/../healthz", "/v1/%2e%2e/healthz", "/HEALTHZ",
        "/healthz.json"})
    void aPathHasOneSpelling(String path) throws Exception {
        assertThat(ask("GET " + path + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n")).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void everyResourceStatesItsMethods() throws Exception {
        assertThat(ask("OPTIONS /v1/pins HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n")).startsWith("HTTP/1.1 204 ")
            .contains("Allow: DELETE, GET, HEAD, OPTIONS, POST, PUT\r\n");
        assertThat(ask("OPTIONS * HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n")).startsWith("HTTP/1.1 204 ").contains("Allow: DELETE, GET,");
        assertThat(ask("BREW /healthz HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n")).startsWith("HTTP/1.1 405 ")
            .contains("Allow: GET, HEAD, OPTIONS\r\n", "method_not_allowed");
        assertThat(ask("OPTIONS /nowhere HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n")).startsWith("HTTP/1.1 401 ");
        assertThat(ask("HEAD /metrics HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
    }

    @Test
    void theRootStatesWhatThisIs() throws Exception {
        String page = ask("GET / HTTP/1.1\r\n" + HOST + "Accept: text/html,*/*\r\nConnection: close\r\n\r\n");
        String json = ask("GET / HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");

        assertThat(page).contains("Content-Type: text/html; charset=utf-8\r\n", "Content-Security-Policy: default-src 'none'\r\n",
            "<h1>Portunus</h1>", "<a href=\"/healthz\">").doesNotContain("<script");
        assertThat(json).contains("Content-Type: application/json\r\n", "{\"method\":\"GET\",\"path\":\"/v1/rules\",\"open\":false}");
    }

    private static List<String> statuses(String answers) {
        return answers.lines().map(line -> line.substring(Math.max(0, line.indexOf("HTTP/1.1 ")))).filter(line -> line.startsWith("HTTP/1.1 "))
            .map(line -> line.substring(9, 12)).toList();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), client.server.address().orElseThrow().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private String ask(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return all(socket.getInputStream());
        }
    }

    private static String all(InputStream in) throws IOException {
        return new String(in.readAllBytes(), ISO_8859_1);
    }
}
