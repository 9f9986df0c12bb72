// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexTest {
    /** Few hash codes, so that keys stand in each other's way. */
    private record Key(int number) {
        @Override
        public int hashCode() {
            return number % 7;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void isAMapWhateverIsPutAndTakenOut(long seed) {
        Random random = new Random(seed);
        Map<Key, Integer> expected = new HashMap<>();
        Index<Key, Integer> index = Index.of(expected);
        for (int i = 0; i < 1000; i++) {
            Map<Key, Optional<Integer>> changes = new LinkedHashMap<>();
            for (int j = random.nextInt(3); j >= 0; j--) {
                changes.put(new Key(random.nextInt(60)), random.nextBoolean() ? Optional.of(i) : Optional.empty());
            }
            Map<Key, Integer> before = Map.copyOf(expected);
            Index<Key, Integer> last = index;
            index = index.with(changes);
            changes.forEach((key, value) -> value.ifPresentOrElse(its -> expected.put(key, its), () -> expected.remove(key)));

            assertThat(index).isEqualTo(expected).hasSize(expected.size());
            assertThat(last).isEqualTo(before);
            for (int number = 0; number < 60; number++) {
                Key key = new Key(number);
                assertThat(index.get(key)).isEqualTo(expected.get(key));
                assertThat(index.containsKey(key)).isEqualTo(expected.containsKey(key));
                assertThat(index.getOrDefault(key, -1)).isEqualTo(expected.getOrDefault(key, -1));
            }
        }
    }
}
