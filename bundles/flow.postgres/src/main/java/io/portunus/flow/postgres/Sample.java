// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.postgres;

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
    private static final Verdict POSTGRES = new Verdict.Match(Prelude.of(PostgresInspector.KIND));

    /** Packets as libpq writes them, and what only looks like one. */
    static final List<Sample> ALL = List.of(
        new Sample("start-up", POSTGRES, hex("0000001e00030000") + "user\0jdoe\0database\0a\0\0"),
        new Sample("start-up of protocol 3.2", POSTGRES, hex("0000000900030002" + "00")),
        new Sample("request for TLS", POSTGRES, hex("0000000804d2162f")),
        new Sample("request for GSS encryption", POSTGRES, hex("0000000804d21630")),
        new Sample("cancel", POSTGRES, hex("0000001004d2162e0000002a01020304")),
        new Sample("long cancel of protocol 3.2", POSTGRES, hex("0000002c04d2162e0000002a")),
        new Sample("request for TLS of another length", PostgresFlaw.LENGTH.verdict(), hex("0000000904d2162f00")),
        new Sample("protocol 2", PostgresFlaw.CODE.verdict(), hex("0000012800020000")),
        new Sample("unknown request", PostgresFlaw.CODE.verdict(), hex("0000000804d21631")),
        new Sample("long start-up", PostgresFlaw.NOT_POSTGRES.verdict(), hex("0000271100030000")),
        new Sample("TLS", PostgresFlaw.NOT_POSTGRES.verdict(), hex("160301")),
        new Sample("HTTP", PostgresFlaw.NOT_POSTGRES.verdict(), "GET / HTTP/1.1\r\n"));

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
                return Optional.of(Problem.of(ProblemCode.SELF_CHECK_FAILED, "flow.postgres", "the sample '" + name + "', cut behind byte " + cut
                    + ", is taken for " + last + " and should be " + expected));
            }
        }
        return Optional.empty();
    }

    private static String hex(String digits) {
        return new String(HexFormat.of().parseHex(digits), StandardCharsets.ISO_8859_1);
    }
}
