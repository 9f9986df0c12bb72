// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.memory.MemoryLoop;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BufferPoolTest {
    private final MemoryLoop loop = new MemoryLoop();
    private final BufferPool pool = new BufferPool();

    @ParameterizedTest
    @CsvSource({"0, 512", "1, 512", "512, 512", "513, 1024", "1025, 2048", "65536, 65536", "65537, 131072", "131073, 262144"})
    void givesTheNextDouble(int wanted, int capacity) {
        assertThat(pool.take(loop, wanted).capacity()).isEqualTo(capacity);
    }

    @Test
    void whatComesBackIsUsedAgainClearedAndForItsSizeOnly() {
        ByteBuffer first = pool.take(loop, 600);
        first.putInt(7);
        pool.give(loop, first);

        assertThat(pool.take(loop, 2000)).isNotSameAs(first);
        assertThat(pool.take(loop, 900)).isSameAs(first).satisfies(b -> assertThat(b.remaining()).isEqualTo(1024));
        assertThat(pool.take(loop, 900)).isNotSameAs(first);
    }

    @Test
    void buffersOfOneLoopAreNotThoseOfAnother() {
        ByteBuffer first = pool.take(loop, 600);
        pool.give(loop, first);

        assertThat(pool.take(new MemoryLoop(), 600)).isNotSameAs(first);
    }

    @Test
    void keepsNoMoreThanItsBound() {
        Set<ByteBuffer> given = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < 200; i++) {
            given.add(pool.take(loop, 64 * 1024));
        }
        given.forEach(buffer -> pool.give(loop, buffer));

        long kept = IntStream.range(0, 200).mapToObj(i -> pool.take(loop, 64 * 1024)).filter(given::contains).count();
        assertThat(kept).isEqualTo(128);
    }
}
