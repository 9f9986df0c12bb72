// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.CellKey;
import io.portunus.flow.spi.SharedCell;
import io.portunus.flow.spi.SharedCells;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Who holds a cell shares its numbers; nobody's are forgotten in their time, and are never more than there is room for. */
class CellTableTest {
    private static final CellKey KEY = CellKey.of("owner", "team-a");

    private long now = -5;
    private final CellTable cells = new CellTable(() -> now);

    @Test
    void thoseWhoHoldOneShareItUntilTheLastLetsGo() {
        SharedCell one = cells.hold(KEY);
        SharedCell other = cells.hold(KEY);
        one.values().set(3, 7);
        one.release(Duration.ZERO);
        one.release(Duration.ZERO);

        assertThat(other.values().get(3)).isEqualTo(7);
        assertThat(cells.hold(KEY).values().get(3)).isEqualTo(7);
        assertThat(cells.hold(CellKey.of("owner", "team-b")).values().get(3)).isZero();
    }

    @Test
    void whatNobodyHoldsIsKeptForTheLongestTimeThatWasAskedFor() {
        SharedCell one = cells.hold(KEY);
        SharedCell other = cells.hold(KEY);
        one.values().set(0, 1);
        one.release(Duration.ofNanos(10));
        other.release(Duration.ZERO);
        assertThat(cells.size()).isEqualTo(1);

        now += 9;
        SharedCell again = cells.hold(KEY);
        assertThat(again.values().get(0)).isEqualTo(1);
        again.release(Duration.ZERO);
        now += 1;

        assertThat(cells.hold(KEY).values().get(0)).isZero();
        assertThat(cells.size()).isEqualTo(1);
    }

    @Test
    void thoseLeftFirstGoFirstWhenThereIsNoRoom() {
        for (int i = 0; i < SharedCells.MAX_UNHELD + 1_000; i++) {
            cells.hold(new CellKey("source", "", 0, i)).release(Duration.ofDays(1));
        }

        assertThat(cells.size()).isLessThanOrEqualTo(SharedCells.MAX_UNHELD + 1);
        SharedCell last = cells.hold(new CellKey("source", "", 0, SharedCells.MAX_UNHELD + 999));
        assertThat(last.values().length()).isEqualTo(SharedCells.VALUES);
    }

    @Test
    void manyWhoLetGoAtOnceLeaveNoMoreThanThereIsRoomFor() {
        List<SharedCell> held = new ArrayList<>();
        for (int i = 0; i < 2 * SharedCells.MAX_UNHELD; i++) {
            held.add(cells.hold(new CellKey("source", "", 0, i)));
        }
        assertThat(cells.size()).isEqualTo(2 * SharedCells.MAX_UNHELD);

        held.forEach(cell -> cell.release(Duration.ofDays(1)));

        assertThat(cells.size()).isLessThanOrEqualTo(SharedCells.MAX_UNHELD + 1);
    }

    @Test
    void sourcesOfIpv6AreTheirNetworks() throws Exception {
        CellKey one = CellKey.of("source", InetAddress.getByName("2001:db8:0:1::1"));

        assertThat(CellKey.of("source", InetAddress.getByName("2001:db8:0:1::2"))).isEqualTo(one);
        assertThat(CellKey.of("source", InetAddress.getByName("2001:db8:0:2::1"))).isNotEqualTo(one);
        assertThat(CellKey.of("source", InetAddress.getByName("192.0.2.1"))).isNotEqualTo(CellKey.of("source", InetAddress.getByName("192.0.2.2")));
    }

    @Test
    void noCountIsLostAmongManyThreads() throws Exception {
        Callable<Void> work = () -> {
            for (int i = 0; i < 20_000; i++) {
                SharedCell cell = cells.hold(new CellKey("source", "", 0, i % 3));
                long held = cell.values().incrementAndGet(0);
                assertThat(held).isPositive();
                cell.values().decrementAndGet(0);
                cell.release(i % 2 == 0 ? Duration.ZERO : Duration.ofNanos(1));
            }
            return null;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Void>> all = threads.invokeAll(List.of(work, work, work, work));
            for (Future<Void> one : all) {
                one.get();
            }
        }
        for (int i = 0; i < 3; i++) {
            assertThat(cells.hold(new CellKey("source", "", 0, i)).values().get(0)).isZero();
        }
    }
}
