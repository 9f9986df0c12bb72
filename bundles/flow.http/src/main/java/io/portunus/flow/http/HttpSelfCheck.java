// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.http;

import io.portunus.flow.spi.PreludeSample;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import io.portunus.model.Problem;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Reads a few known beginnings before anybody is served, each cut at every byte once. Takes milliseconds. Thread-safe: it has no state. */
@Component(service = SelfCheck.class)
public final class HttpSelfCheck implements SelfCheck {
    /** Requests as browsers, probes and tools write them, and what only looks like one. */
    static final List<PreludeSample> SAMPLES = List.of(
        new PreludeSample("host", host("www.example.com"), "GET /a?b HTTP/1.1\r\nUser-Agent: x\r\nHOST: WWW.Example.com:8080 \r\n\r\nbody"),
        new PreludeSample("absolute form", host("a.example"), "GET HTTP://a.example:80/x HTTP/1.1\r\nHost: b.example\r\n\r\n"),
        new PreludeSample("bare line feeds", host("a.example"), "GET / HTTP/1.1\nHost:a.example.\n\n"),
        new PreludeSample("address", nameless(), "GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n"),
        new PreludeSample("HTTP/1.0 without host", nameless(), "GET / HTTP/1.0\r\n\r\n"),
        new PreludeSample("HTTP/2", nameless(), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        new PreludeSample("HTTP/1.1 without host", HttpFlaw.NO_HOST.verdict(), "GET / HTTP/1.1\r\n\r\n"),
        new PreludeSample("two hosts", HttpFlaw.TWO_HOSTS.verdict(), "GET / HTTP/1.1\r\nHost: a.example\r\nX: y\r\nHost: a.example\r\n\r\n"),
        new PreludeSample("folded line", HttpFlaw.FOLDED.verdict(), "GET / HTTP/1.1\r\nHost: a.example\r\n .org\r\n\r\n"),
        new PreludeSample("NUL", HttpFlaw.VALUE_BYTE.verdict(), "GET / HTTP/1.1\r\nHost: a.example\0\r\n\r\n"),
        new PreludeSample("TLS", HttpFlaw.NOT_A_METHOD.verdict(), "\u0016\u0003\u0001"),
        new PreludeSample("SSH", HttpFlaw.NOT_HTTP.verdict(), "SSH-2.0-x y\r\n"));

    /** Needs nothing and has no configuration. */
    @Activate
    public HttpSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        return PreludeSample.misread(new HttpInspector(), SAMPLES);
    }

    private static Verdict host(String name) {
        return new Verdict.Recognised(new Prelude(HttpInspector.KIND, Optional.of(name), List.of(), false));
    }

    private static Verdict nameless() {
        return new Verdict.Recognised(Prelude.of(HttpInspector.KIND));
    }
}
