// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A prelude, with the verdict that an inspector owes it however it is cut: what its {@link SelfCheck} reads.
 * Immutable.
 *
 * @param name what it is, for people
 * @param expected the verdict
 * @param octets the bytes, one a character (ISO 8859-1); {@link #octets(String)} writes those of a binary protocol
 */
public record PreludeSample(String name, Verdict expected, String octets) {
    /** Bytes written as hexadecimal digits; line feeds between them do not count. */
    public static String octets(String hex) {
        return new String(HexFormat.of().parseHex(hex.replace("\n", "")), StandardCharsets.ISO_8859_1);
    }

    /** The bytes. */
    public byte[] bytes() {
        return octets.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The wrong verdicts of an inspector on samples that are cut once, behind each byte in turn; one problem a sample at most. */
    public static List<Problem> misread(Inspector inspector, List<PreludeSample> samples) {
        return samples.stream().flatMap(sample -> sample.misread(inspector).stream()).toList();
    }

    private Optional<Problem> misread(Inspector inspector) {
        byte[] bytes = bytes();
        for (int cut = 1; cut <= bytes.length; cut++) {
            Inspection inspection = inspector.begin();
            Verdict first = inspection.inspect(ByteBuffer.wrap(bytes, 0, cut));
            Verdict last = first == Verdict.MORE ? inspection.inspect(ByteBuffer.wrap(bytes)) : first;
            if (!last.equals(expected)) {
                return Optional.of(Problem.of(SelfCheck.FAILED, "inspector." + inspector.kind(), "the sample '" + name
                    + "', cut behind byte " + cut + ", is taken for " + last + " and should be " + expected));
            }
        }
        return Optional.empty();
    }
}
