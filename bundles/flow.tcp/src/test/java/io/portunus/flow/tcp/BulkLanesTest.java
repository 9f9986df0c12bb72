// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.memory.MemoryLoop;
import io.portunus.flow.memory.MemoryPath;
import io.portunus.flow.memory.MemoryStream;
import org.junit.jupiter.api.Test;

class BulkLanesTest {
    private final BulkLanes lanes = new BulkLanes();
    private final MemoryLoop loop = new MemoryLoop();
    private final MemoryStream source = new MemoryStream(loop);
    private final MemoryStream sink = new MemoryStream(loop);
    private final MemoryPath first = new MemoryPath();
    private final MemoryPath second = new MemoryPath();

    @Test
    void hasNoneWithoutAPath() {
        assertThat(lanes.open(source, sink)).isEmpty();
    }

    @Test
    void followsAPathThatIsReplaced() {
        lanes.bind(first);
        lanes.bind(second);
        lanes.unbind(first);

        assertThat(lanes.open(source, sink)).isPresent();
        assertThat(second.opened).isEqualTo(1);

        lanes.unbind(second);
        assertThat(lanes.open(source, sink)).isEmpty();
    }

    @Test
    void stoppedHandlersFlowsEndOnWhatTheyHave() {
        lanes.bind(first);
        lanes.stop();
        lanes.unbind(first);

        assertThat(lanes.open(source, sink)).isPresent();
    }
}
