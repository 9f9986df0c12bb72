// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DatagramBatchTest {
    private final DatagramBatch batch = new DatagramBatch(3, 10_000);

    private static byte[] random(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private byte[] bytes(int entry) {
        ByteBuffer bytes = ByteBuffer.allocate(batch.length(entry));
        batch.copy(entry, bytes);
        return bytes.array();
    }

    @Test
    void whatIsTakenAwayIsOfOneEntryAndTheRestStays() {
        for (int entry = 0; entry < 3; entry++) {
            batch.add(ByteBuffer.wrap(random(entry, 10_000)));
        }
        batch.strip(1, 28);
        batch.strip(1, 0);

        assertThat(bytes(1)).isEqualTo(Arrays.copyOfRange(random(1, 10_000), 28, 10_000));
        assertThat(bytes(0)).isEqualTo(random(0, 10_000));
        assertThat(bytes(2)).isEqualTo(random(2, 10_000));
        batch.strip(1, 9972);
        assertThat(bytes(1)).isEmpty();
    }

    @Test
    void noMoreIsTakenAwayThanThereIs() {
        batch.add(ByteBuffer.wrap(random(1, 20)));

        assertThatIllegalArgumentException().isThrownBy(() -> batch.strip(0, 21));
        assertThatIllegalArgumentException().isThrownBy(() -> batch.strip(0, -1));
        assertThat(bytes(0)).isEqualTo(random(1, 20));
    }
}
