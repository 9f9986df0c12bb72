// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.model.Probe.Ask;
import io.portunus.model.ProxyHeader;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Puts a question to a target that took the connection, and judges the answer. Thread-safe: it has no state. */
final class Question {
    /** Most that is read until the status of an HTTP answer has come; a status line has some 20 bytes. */
    static final int MAX_HTTP = 8 * 1024;
    /** Most that is read for the text that is expected. */
    static final int MAX_TALK = 16 * 1024;
    /** Most TLS warnings before the ServerHello: RFC 6066 §3 lets a server warn that it does not know the name. */
    private static final int MAX_WARNINGS = 4;

    /** proxy-protocol.txt §2.1: a line without addresses, which the receiver takes from the connection. */
    private static final byte[] UNKNOWN_V1 = "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
    /** proxy-protocol.txt §2.2: signature, version 2 and command LOCAL, unspecified family, no addresses. */
    static final byte[] LOCAL_V2 = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x20, 0x00, 0x00, 0x00};

    private final Supplier<RandomGenerator> chance;

    Question(Supplier<RandomGenerator> chance) {
        this.chance = chance;
    }

    /** Asks, and leaves politely whatever the answer was. */
    ProbeResult put(Conversation with, ProbePlan plan) {
        ProbeResult result;
        Ask ask = plan.probe().ask();
        try {
            if (plan.header().isPresent()) {
                with.write(plan.header().get() == ProxyHeader.Version.V1 ? UNKNOWN_V1 : LOCAL_V2);
            }
            result = switch (ask) {
                case Ask.Tcp tcp -> ProbeResult.GOOD;
                case Ask.Tls tls -> tls(with, tls);
                case Ask.Http http -> http(with, http);
                case Ask.Talk talk -> talk(with, talk);
                case Ask.OfDatagrams other -> throw new AssertionError(other + " is asked by datagrams");
            };
        } catch (SocketTimeoutException e) {
            result = ProbeResult.TIMEOUT;
        } catch (IOException reset) {
            result = ask instanceof Ask.Tls ? ProbeResult.TLS : ProbeResult.ANSWER;
        }
        with.part();
        return result;
    }

    /** A ServerHello is an answer; a fatal alert is none, because a client would get nothing else either. */
    private ProbeResult tls(Conversation with, Ask.Tls ask) throws IOException {
        with.write(ClientHelloProbe.record(ask.name(), chance.get()));
        byte[] header = new byte[ClientHelloProbe.HEADER];
        for (int warnings = 0; warnings <= MAX_WARNINGS && with.fill(header); warnings++) {
            int length = ClientHelloProbe.length(header);
            if (length < 1) {
                return ProbeResult.TLS;
            }
            byte[] start = new byte[Math.min(length, ClientHelloProbe.ALERT_BYTES)];
            if (!with.fill(start)) {
                return ProbeResult.TLS;
            }
            if (ClientHelloProbe.isServerHello(header, start)) {
                with.write(ClientHelloProbe.GOODBYE);
                return ProbeResult.GOOD;
            }
            if (!ClientHelloProbe.isWarning(header, start)) {
                return ProbeResult.TLS;
            }
        }
        return ProbeResult.TLS;
    }

    private static ProbeResult http(Conversation with, Ask.Http ask) throws IOException {
        with.write(("GET " + ask.path() + " HTTP/1.1\r\nHost: " + ask.host() + "\r\nUser-Agent: portunus-probe\r\nAccept: */*\r\n"
            + "Connection: close\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        byte[] answer = new byte[MAX_HTTP];
        int have = 0;
        int end = -1;
        while (end < 0 && have < answer.length) {
            int more = with.hear(answer, have);
            if (more < 0) {
                return ProbeResult.ANSWER;
            }
            end = indexOf(answer, have + more, new byte[] {'\n'});
            have += more;
        }
        return end < 0 ? ProbeResult.ANSWER : status(new String(answer, 0, end, StandardCharsets.ISO_8859_1).stripTrailing(), ask);
    }

    /** RFC 9112 §4: version, space, three digits, and a space if there is a phrase; servers that leave out both are heard too. */
    private static ProbeResult status(String line, Ask.Http ask) {
        if (!line.matches("HTTP/1\\.[01] [1-9][0-9]{2}( .*)?")) {
            return ProbeResult.ANSWER;
        }
        int status = Integer.parseInt(line.substring(9, 12));
        return ask.statuses().contains(status) ? ProbeResult.GOOD : ProbeResult.STATUS;
    }

    private static ProbeResult talk(Conversation with, Ask.Talk ask) throws IOException {
        with.write(ask.send().getBytes(StandardCharsets.UTF_8));
        byte[] wanted = ask.expect().getBytes(StandardCharsets.UTF_8);
        byte[] answer = new byte[MAX_TALK];
        int have = 0;
        while (have < answer.length) {
            int more = with.hear(answer, have);
            if (more < 0) {
                return ProbeResult.ANSWER;
            }
            have += more;
            if (indexOf(answer, have, wanted) >= 0) {
                return ProbeResult.GOOD;
            }
        }
        return ProbeResult.ANSWER;
    }

    static int indexOf(byte[] in, int length, byte[] what) {
        for (int at = 0; at + what.length <= length; at++) {
            if (Arrays.equals(in, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
        return -1;
    }
}
