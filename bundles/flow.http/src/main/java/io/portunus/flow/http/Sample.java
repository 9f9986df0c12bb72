// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.http;

import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * First bytes of a connection, with the verdict they deserve however they come. Immutable.
 *
 * @param name what it is
 * @param expected the verdict
 * @param text the bytes, one a character
 */
record Sample(String name, Verdict expected, String text) {
    /** Requests as browsers, probes and tools write them, and what only looks like one. */
    static final List<Sample> ALL = List.of(
        new Sample("host", host("www.example.com"), "GET /a?b HTTP/1.1\r\nUser-Agent: x\r\nHOST: WWW.Example.com:8080 \r\n\r\nbody"),
        new Sample("absolute form", host("a.example"), "GET HTTP://a.example:80/x HTTP/1.1\r\nHost: b.example\r\n\r\n"),
        new Sample("bare line feeds", host("a.example"), "GET / HTTP/1.1\nHost:a.example.\n\n"),
        new Sample("address", nameless(), "GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n"),
        new Sample("HTTP/1.0 without host", nameless(), "GET / HTTP/1.0\r\n\r\n"),
        new Sample("HTTP/2", nameless(), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        new Sample("HTTP/1.1 without host", HttpFlaw.NO_HOST.verdict(), "GET / HTTP/1.1\r\n\r\n"),
        new Sample("two hosts", HttpFlaw.TWO_HOSTS.verdict(), "GET / HTTP/1.1\r\nHost: a.example\r\nX: y\r\nHost: a.example\r\n\r\n"),
        new Sample("folded line", HttpFlaw.FOLDED.verdict(), "GET / HTTP/1.1\r\nHost: a.example\r\n .org\r\n\r\n"),
        new Sample("NUL", HttpFlaw.VALUE_BYTE.verdict(), "GET / HTTP/1.1\r\nHost: a.example\0\r\n\r\n"),
        new Sample("TLS", HttpFlaw.NOT_A_METHOD.verdict(), "\u0016\u0003\u0001"),
        new Sample("SSH", HttpFlaw.NOT_HTTP.verdict(), "SSH-2.0-x y\r\n"));

    /** What an inspector says wrongly, one problem a sample at most. */
    static List<Problem> misread(Inspector inspector) {
        return ALL.stream().flatMap(sample -> sample.tell(inspector).stream()).toList();
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private Optional<Problem> tell(Inspector inspector) {
        byte[] bytes = bytes();
        for (int cut = 1; cut <= bytes.length; cut++) {
            Inspection inspection = inspector.begin();
            Verdict first = inspection.inspect(ByteBuffer.wrap(bytes, 0, cut));
            Verdict last = first == Verdict.MORE ? inspection.inspect(ByteBuffer.wrap(bytes)) : first;
            if (!last.equals(expected)) {
                return Optional.of(Problem.of(ProblemCode.SELF_CHECK_FAILED, "flow.http", "the sample '" + name + "', cut behind byte " + cut
                    + ", is taken for " + last + " and should be " + expected));
            }
        }
        return Optional.empty();
    }

    private static Verdict host(String name) {
        return new Verdict.Match(new Prelude(HttpInspector.KIND, Optional.of(name), List.of(), false));
    }

    private static Verdict nameless() {
        return new Verdict.Match(Prelude.of(HttpInspector.KIND));
    }
}
