// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.http;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Looks for the head of one HTTP/1.x request, RFC 9112, to its last byte: only there it is known that no second Host follows. Each byte is
 * looked at once as it comes and once more as part of its line. Confined to one event loop.
 */
final class HttpInspection implements Inspection {
    /** Longest head, from the method to the empty line. */
    static final int MAX_HEAD = 16 * 1024;
    /** Longest method; the longest registered one has 17 letters. */
    static final int MAX_METHOD = 32;

    /** RFC 9113 §3.4: what a client sends that knows beforehand that the server speaks HTTP/2. */
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    /** From here on nobody sends it by accident, and no other method is meant. */
    private static final int PREFACE_KNOWN = 6;
    private static final String VERSION = "HTTP/1.";
    private static final int NAME_KNOWN = 5;

    private final HostHeader host = new HostHeader();
    private Verdict verdict = Verdict.MORE;
    private Part part = Part.METHOD;
    /** Bytes looked at, and where the part or line among them began. */
    private int seen;
    private int begin;
    private boolean old;
    private Optional<String> target = Optional.empty();

    /** What the next byte belongs to. */
    private enum Part {
        METHOD, TARGET, VERSION, HEADERS, PREFACE
    }

    @Override
    public Verdict inspect(ByteBuffer bytes) {
        int end = Math.min(bytes.limit(), MAX_HEAD);
        while (verdict == Verdict.MORE && seen < end) {
            int octet = bytes.get(seen) & 0xff;
            verdict = switch (part) {
                case METHOD -> method(octet);
                case TARGET -> target(bytes, octet);
                case VERSION -> version(octet);
                case HEADERS -> octet == '\n' ? line(bytes) : Verdict.MORE;
                case PREFACE -> preface(octet);
            };
            seen++;
        }
        if (verdict == Verdict.MORE && seen == MAX_HEAD) {
            verdict = part == Part.HEADERS ? HttpFlaw.LONG_HEAD.verdict() : HttpFlaw.NOT_HTTP.verdict();
        }
        return verdict;
    }

    private Verdict method(int octet) {
        if (octet == ' ' && seen > 0) {
            next(Part.TARGET);
            return Verdict.MORE;
        }
        return Fields.isNameByte(octet) && seen < MAX_METHOD ? Verdict.MORE : HttpFlaw.NOT_A_METHOD.verdict();
    }

    private Verdict target(ByteBuffer bytes, int octet) {
        if (octet == ' ' && seen > begin) {
            if (startsPreface(bytes)) {
                part = Part.PREFACE;
                return Verdict.MORE;
            }
            target = Optional.of(Fields.text(bytes, begin, seen));
            next(Part.VERSION);
            return Verdict.MORE;
        }
        // Raw UTF-8 is no URI's, and yet sent; controls and line ends, as of HTTP/0.9, are nobody's.
        return octet > ' ' && octet != 0x7f ? Verdict.MORE : HttpFlaw.NOT_HTTP.verdict();
    }

    private boolean startsPreface(ByteBuffer bytes) {
        for (int i = 0; i < PREFACE_KNOWN; i++) {
            if (i > seen || bytes.get(i) != PREFACE[i]) {
                return false;
            }
        }
        return true;
    }

    private Verdict preface(int octet) {
        if (octet != PREFACE[seen]) {
            return HttpFlaw.PREFACE.verdict();
        }
        return seen == PREFACE.length - 1 ? new Verdict.Recognised(Prelude.of(HttpInspector.KIND)) : Verdict.MORE;
    }

    private Verdict version(int octet) {
        int at = seen - begin;
        if (at < VERSION.length()) {
            return octet == VERSION.charAt(at) ? Verdict.MORE : at < NAME_KNOWN ? HttpFlaw.NOT_HTTP.verdict() : HttpFlaw.VERSION.verdict();
        }
        boolean good = switch (at - VERSION.length()) {
            case 0 -> octet >= '0' && octet <= '9';
            case 1 -> octet == '\r' || octet == '\n';
            default -> octet == '\n';
        };
        old |= at == VERSION.length() && octet == '0';
        if (good && octet == '\n') {
            next(Part.HEADERS);
        }
        return good ? Verdict.MORE : HttpFlaw.VERSION.verdict();
    }

    /** A line of the head is complete. RFC 9112 §2.2 lets a line feed alone end it too. */
    private Verdict line(ByteBuffer bytes) {
        int end = seen > begin && bytes.get(seen - 1) == '\r' ? seen - 1 : seen;
        Optional<HttpFlaw> flaw = end == begin ? Optional.empty() : host.line(bytes, begin, end);
        if (flaw.isPresent()) {
            return flaw.get().verdict();
        }
        if (end == begin) {
            return whole();
        }
        next(Part.HEADERS);
        return Verdict.MORE;
    }

    /** RFC 9112 §3.2.2: of a target in absolute form the authority counts, whatever the header has. */
    private Verdict whole() {
        Optional<String> authority = target.flatMap(Authority::ofTarget);
        if (host.value().isEmpty() && !old) {
            return HttpFlaw.NO_HOST.verdict();
        }
        return switch (Authority.read(authority.or(host::value).orElse(""))) {
            case Authority.Name name -> new Verdict.Recognised(new Prelude(HttpInspector.KIND, Optional.of(name.text()), List.of(), false));
            case Authority.Nameless nameless -> new Verdict.Recognised(Prelude.of(HttpInspector.KIND));
            case Authority.Bad bad -> HttpFlaw.HOST.verdict();
        };
    }

    private void next(Part following) {
        part = following;
        begin = seen + 1;
    }

    @Override
    public byte[] refusal(CloseReason reason) {
        return switch (part) {
            case METHOD, TARGET -> Answer.NOTHING;
            // The first four letters of a version could still be anything.
            case VERSION -> seen - begin < NAME_KNOWN ? Answer.NOTHING : Answer.of(reason);
            case HEADERS -> Answer.of(reason);
            case PREFACE -> Answer.ofHttp2(reason);
        };
    }
}
