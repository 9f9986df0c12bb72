// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.itest.contracts.Cuts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpInspectionTest {
    private static final Cuts CUTS = new Cuts(HttpInspection::new);
    private static final String GET = "GET / HTTP/1.1\r\n";

    private static String name(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Recognised match -> match.prelude().serverName().orElse("-");
            case Verdict.No no -> no.reason().code();
            case Verdict.More more -> "more";
        };
    }

    @ParameterizedTest(name = "Host {0} is {1}")
    @CsvSource(delimiter = ' ', quoteCharacter = '"', textBlock = """
        a.example a.example
        A.Example. a.example
        a.example:8080 a.example
        a.example.:80 a.example
        a.example: a.example
        localhost localhost
        under_score.example under_score.example
        "" -
        192.0.2.1 -
        192.0.2.1:80 -
        [2001:db8::1] -
        [::1]:8080 -
        a.example:http hello_malformed
        a.example:123456 hello_malformed
        a..example hello_malformed
        . hello_malformed
        a.example.. hello_malformed
        1.2.3 hello_malformed
        999.1.1.1 hello_malformed
        2001:db8::1 hello_malformed
        [::1 hello_malformed
        [a.example] hello_malformed
        [fe80::1%eth0] hello_malformed
        a/b hello_malformed
        user@a.example hello_malformed
        a,b hello_malformed
        b\u00fccher.example hello_malformed
        """)
    void readsTheHost(String host, String expected) {
        assertThat(name(CUTS.verdict(GET + "Host: " + host + "\r\n\r\n"))).isEqualTo(expected);
    }

    @Test
    void boundsTheLengthOfNamesAndLabels() {
        String label = "a".repeat(63);
        String longest = label + "." + label + "." + label + "." + "a".repeat(61);

        assertThat(name(CUTS.verdict(GET + "Host: " + longest + "\r\n\r\n"))).isEqualTo(longest);
        assertThat(CUTS.verdict(GET + "Host: " + longest + "a\r\n\r\n")).isEqualTo(HttpFlaw.HOST.verdict());
        assertThat(CUTS.verdict(GET + "Host: a" + label + ".example\r\n\r\n")).isEqualTo(HttpFlaw.HOST.verdict());
        assertThat(CUTS.verdict(GET + "Host: " + "a.".repeat(4000) + "example\r\n\r\n")).isEqualTo(HttpFlaw.HOST.verdict());
    }

    @ParameterizedTest(name = "{0} is for {1}")
    @CsvSource(delimiter = ' ', textBlock = """
        http://a.example/x a.example
        HTTPS://A.example a.example
        http://a.example?x a.example
        http://a.example:8080#x a.example
        http://[::1]/ -
        http:///x hello_malformed
        http://user@a.example/ hello_malformed
        /http://a.example/ h.example
        /x?u=http://a.example/ h.example
        * h.example
        c.example:443 h.example
        """)
    void takesTheAuthorityOfTheAbsoluteForm(String target, String expected) {
        assertThat(name(CUTS.verdict("GET " + target + " HTTP/1.1\r\nHost: h.example\r\n\r\n"))).isEqualTo(expected);
    }

    @Test
    void readsTheHeadToItsEndSoThatNoSecondHostIsMissed() {
        assertThat(CUTS.verdict(GET + "Host: a.example\r\n")).isEqualTo(Verdict.MORE);
        assertThat(CUTS.verdict(GET + "Host: a.example\r\nhOST:\tb.example\r\n")).isEqualTo(HttpFlaw.TWO_HOSTS.verdict());
        assertThat(CUTS.verdict(GET + "X-Host: b\r\nHosts: c\r\nHost: a.example\r\n\r\n")).isInstanceOf(Verdict.Recognised.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {" Host: a.example", "\tx", "Host : a.example", ": x", "X", "X\u00e4: y", "X: a\rb",
        "X: \u007f", "X: \u0000", "X: \u0001", "A B: c"})
    void refusesHeadersThatAreReadInMoreThanOneWay(String line) {
        assertThat(name(CUTS.verdict(GET + line + "\r\nHost: a.example\r\n\r\n"))).isEqualTo("hello_malformed");
    }

    @Test
    void letsUtf8AndTabsThroughInValues() {
        assertThat(CUTS.verdict(GET + "X: \u00c3\u00a4\t\r\nEmpty:\r\nHost: a.example\r\n\r\n")).isInstanceOf(Verdict.Recognised.class);
    }

    @ParameterizedTest
    @CsvSource({"'GET / HTTP/2.0\r\n', hello_malformed", "'GET / HTTP/1.x', hello_malformed", "'GET / HTTP/1.1 x', hello_malformed",
        "'GET / HTTPS', not_recognised", "'GET / HTTP/1.1\rx', hello_malformed", "'PRI * HTTP/1.1', hello_malformed",
        "'GET /\r\n', not_recognised", "'GET  ', not_recognised", "' GET', not_recognised", "'\r\nGET', not_recognised"})
    void knowsTheVersionsOfHttp(String text, String expected) {
        assertThat(name(CUTS.verdict(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"'\u0016\u0003\u0001', 1", "'\u0000\u0000\u0000\u0008', 1", "'GET\r', 4", "'{\"a\":1}', 1",
        "'SSH-2.0-x y\r\n', 12", "'EHLO a\r\n', 7"})
    void refusesAtTheFirstByteThatProvesIt(String text, int bytes) {
        assertThat(CUTS.decidedAfter(text)).isEqualTo(bytes);
    }

    @Test
    void boundsTheHeadAndTheMethod() {
        String begin = GET + "Host: a.example\r\nX: ";
        String fits = begin + "a".repeat(HttpInspection.MAX_HEAD - begin.length() - 4) + "\r\n\r\n";
        String tooLong = begin + "a".repeat(HttpInspection.MAX_HEAD - begin.length() - 3) + "\r\n\r\n";

        assertThat(fits).hasSize(HttpInspection.MAX_HEAD);
        assertThat(CUTS.verdict(fits)).isInstanceOf(Verdict.Recognised.class);
        assertThat(CUTS.verdict(tooLong)).isEqualTo(HttpFlaw.LONG_HEAD.verdict());
        assertThat(CUTS.byteByByte(tooLong.getBytes(StandardCharsets.ISO_8859_1))).isEqualTo(HttpFlaw.LONG_HEAD.verdict());
        assertThat(CUTS.verdict("GET /" + "a".repeat(20_000))).isEqualTo(HttpFlaw.NOT_HTTP.verdict());
        assertThat(CUTS.decidedAfter("G".repeat(40))).isEqualTo(HttpInspection.MAX_METHOD + 1);
    }

    @Test
    void looksAtEachByteOnceOrTwice() {
        String lines = "a:\n".repeat(5000);
        byte[] bytes = (GET + "Host: a.example\r\n" + lines + "\r\n").getBytes(StandardCharsets.ISO_8859_1);

        long began = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            assertThat(CUTS.byteByByte(bytes)).isInstanceOf(Verdict.Recognised.class);
        }

        // Looking at everything again each time would be some 10^10 steps.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void leavesPositionAndLimitOfTheBufferAloneAndStandsByItsVerdict() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(100).put((GET + "Host: a.example\r\n\r\n").getBytes(StandardCharsets.US_ASCII)).flip();
        int limit = bytes.limit();
        Inspection inspection = new HttpInspection();
        Verdict first = inspection.inspect(bytes.asReadOnlyBuffer());

        assertThat(first).isInstanceOf(Verdict.Recognised.class);
        assertThat(inspection.inspect(bytes.asReadOnlyBuffer())).isSameAs(first);
        assertThat(bytes.position()).isZero();
        assertThat(bytes.limit()).isEqualTo(limit);
    }

    @Test
    void answersInHttpOnceItIsHttp() {
        assertThat(refusal(GET + "Host: a.example\r\n\r\n", CloseReason.NO_MATCHING_NAME))
            .isEqualTo("HTTP/1.1 421 Misdirected Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        assertThat(refusal(GET + "Host: a.example\r\n\r\n", CloseReason.SOURCE_DENIED)).startsWith("HTTP/1.1 403 ");
        assertThat(refusal(GET + "Host : a\r\n", CloseReason.HELLO_MALFORMED)).startsWith("HTTP/1.1 400 ");
        assertThat(refusal(GET, CloseReason.PEEK_TIMEOUT)).startsWith("HTTP/1.1 408 ");
        assertThat(refusal(GET, CloseReason.PEEK_CAPACITY)).startsWith("HTTP/1.1 503 ");
        assertThat(refusal(GET, CloseReason.KILLED)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.portunus.flow.api.CloseReason#known")
    void sendsNothingToWhoeverMaySpeakSomethingElse(CloseReason reason) {
        assertThat(refusal("", reason)).isEmpty();
        assertThat(refusal("GET / HTT", reason)).isEmpty();
        assertThat(refusal("SSH-2.0-x y\r\n", reason)).isEmpty();
        assertThat(refusal("\u0016\u0003", reason)).isEmpty();
    }

    @Test
    void asksAClientOfHttp2ForHttp1() {
        String word = refusal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", CloseReason.NO_NAME);

        assertThat(word).hasSize(26).startsWith("\0\0\0\4\0").contains("\0\0\u0008\7\0").endsWith("\0\0\0\r");
        assertThat(refusal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", CloseReason.KILLED)).isEmpty();
    }

    private static String refusal(String text, CloseReason reason) {
        Inspection inspection = new HttpInspection();
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Cuts.feed(inspection, bytes, bytes.length);
        return new String(inspection.refusal(reason), StandardCharsets.ISO_8859_1);
    }

    @Test
    void namesNoApplicationProtocols() {
        assertThat(CUTS.verdict(GET + "Host: a.example\r\n\r\n")).isInstanceOfSatisfying(Verdict.Recognised.class, match -> {
            assertThat(match.prelude().kind()).isEqualTo("http");
            assertThat(match.prelude().serverName()).isEqualTo(Optional.of("a.example"));
            assertThat(match.prelude().alpn()).isEmpty();
        });
    }
}
