// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.ssh;

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
    private static final Verdict SSH = new Verdict.Match(Prelude.of(SshInspector.KIND));

    /** Lines as clients write them, and what only looks like one. */
    static final List<Sample> ALL = List.of(
        new Sample("OpenSSH", SSH, "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\nrest"),
        new Sample("without carriage return", SSH, "SSH-2.0-Old_1\n"),
        new Sample("compatible version", SSH, "SSH-1.99-PuTTY\r\n"),
        new Sample("control character", SshFlaw.BYTE.verdict(), "SSH-2.0-x\0y\r\n"),
        new Sample("without software", SshFlaw.FORM.verdict(), "SSH-2.0\r\n"),
        new Sample("HTTP", SshFlaw.NOT_SSH.verdict(), "SEARCH / HTTP/1.1\r\n"),
        new Sample("TLS", SshFlaw.NOT_SSH.verdict(), "\u0016\u0003\u0001"));

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
                return Optional.of(Problem.of(ProblemCode.SELF_CHECK_FAILED, "flow.ssh", "the sample '" + name + "', cut behind byte " + cut
                    + ", is taken for " + last + " and should be " + expected));
            }
        }
        return Optional.empty();
    }
}
