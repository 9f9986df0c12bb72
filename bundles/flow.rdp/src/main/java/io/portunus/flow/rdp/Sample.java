// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.rdp;

import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
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
    private static final Verdict RDP = new Verdict.Match(Prelude.of(RdpInspector.KIND));

    /** Requests as clients write them, and what only looks like one. */
    static final List<Sample> ALL = List.of(
        new Sample("cookie and negotiation", RDP, hex("0300002c27e00000000000") + "Cookie: mstshash=eltons\r\n" + hex("0100080003000000")),
        new Sample("negotiation alone", RDP, hex("030000130ee00000000000" + "0100080001000000")),
        new Sample("nothing more", RDP, hex("0300000b06e00000000000")),
        new Sample("routing token", RDP, hex("0300001d18e00000000000") + "tsv://MS.1.Farm0\r\n"),
        new Sample("correlation", RDP, hex("0300003732e00000000000" + "0108080003000000" + "0600240001" + "00".repeat(31))),
        new Sample("cookie without end", RdpFlaw.FORM.verdict(), hex("0300001914e00000000000") + "Cookie: mstsha"),
        new Sample("length of another", RdpFlaw.NOT_RDP.verdict(), hex("0300001312e0")),
        new Sample("ISO on TCP of a controller", RdpFlaw.OTHER_ISO.verdict(), hex("0300001611e00000000100c0010ac1020100c2020102")),
        new Sample("TLS", RdpFlaw.NOT_RDP.verdict(), hex("160301")),
        new Sample("HTTP", RdpFlaw.NOT_RDP.verdict(), "GET / HTTP/1.1\r\n"));

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
                return Optional.of(Problem.of(ProblemCode.SELF_CHECK_FAILED, "flow.rdp", "the sample '" + name + "', cut behind byte " + cut
                    + ", is taken for " + last + " and should be " + expected));
            }
        }
        return Optional.empty();
    }

    private static String hex(String digits) {
        return new String(HexFormat.of().parseHex(digits), StandardCharsets.ISO_8859_1);
    }
}
