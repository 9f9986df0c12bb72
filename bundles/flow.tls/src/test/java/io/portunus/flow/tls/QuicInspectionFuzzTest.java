// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import static io.portunus.itest.contracts.Initials.crypto;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portunus.itest.contracts.Datagrams;
import io.portunus.itest.contracts.Initials;
import io.portunus.itest.contracts.Initials.Version;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fuzzes the inspection with whole clients: no exception, one answer, and refusals that are no longer than what came. Bytes at random open no packet,
 * so most of what the fuzzer makes is written into packets of a client. The module's build fuzzes for a minute; elsewhere only the seeds run.
 */
class QuicInspectionFuzzTest {
    /** What a datagram is made of: the low bits of a byte in front of it. */
    private static final int SEALED = 1;
    private static final int SECOND_VERSION = 2;
    private static final int OTHER_CLIENT = 4;

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void holdsTogetherWhateverComes(byte[] bytes) {
        new Datagrams(QuicInspection::new).holdTogether(datagrams(ByteBuffer.wrap(bytes)));
    }

    static Stream<byte[]> seeds() {
        byte[] message = QuicInspectionTest.MESSAGE;
        byte[] whole = crypto(message, 0, message.length);
        byte[] early = crypto(message, 0, 60);
        byte[] late = crypto(message, 60, message.length);
        byte[] acks = {1, 2, 5, 1, 1, 1, 0, 2, 3, 5, 1, 0, 1, 1, 1, 1};
        return Stream.of(seed(SEALED, whole), seed(SEALED | SECOND_VERSION, whole),
            Initials.concat(seed(SEALED, late), seed(SEALED, early)),
            Initials.concat(seed(SEALED, early), seed(SEALED | OTHER_CLIENT, whole)),
            Initials.concat(seed(SEALED, Initials.concat(late, acks)), seed(0, new byte[] {64}), seed(SEALED, Initials.concat(acks, early, whole))),
            seed(SEALED, new byte[] {0x1c, 0, 0, 0}), seed(0, Initials.of(Version.V1).hello(message).getFirst()),
            seed(0, Initials.of(Version.V2).zeroRtt(40)));
    }

    private static byte[] seed(int kind, byte[] bytes) {
        return Initials.concat(new byte[] {(byte) kind, (byte) (bytes.length >> Byte.SIZE), (byte) bytes.length}, bytes);
    }

    private static List<byte[]> datagrams(ByteBuffer in) {
        List<byte[]> datagrams = new ArrayList<>();
        while (in.remaining() > 2 && datagrams.size() < QuicInspection.MAX_DATAGRAMS) {
            int kind = in.get();
            byte[] bytes = new byte[Math.min(in.getShort() & 0x7fff, in.remaining())];
            in.get(bytes);
            Initials client = Initials.of((kind & SECOND_VERSION) == 0 ? Version.V1 : Version.V2, kind & OTHER_CLIENT);
            datagrams.add((kind & SEALED) == 0 ? bytes : client.datagram(bytes));
        }
        return datagrams;
    }
}
