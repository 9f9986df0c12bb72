// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TimeCounterTest {
    @Test
    void aTimeFallsIntoTheFirstBucketThatHoldsIt() {
        TimeCounter counter = new TimeCounter(List.of(.001, 1d));

        counter.add(0);
        counter.add(1_000_000);
        counter.add(1_000_001);
        counter.add(5_000_000_000L);

        assertThat(counter.counts().bounds()).containsExactly(.001, 1d);
        assertThat(counter.counts().counts()).containsExactly(2L, 1L, 1L);
        assertThat(counter.counts().seconds()).isEqualTo(5.002000001);
    }
}
