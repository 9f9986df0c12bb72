// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.BulkLane;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a lane answers to what the kernel answers, and what becomes of its pipe. */
class SpliceLaneTest {
    private final FakeLibc libc = new FakeLibc();
    private final Pipes pipes = new Pipes(libc, () -> false);
    private final int[] client = new int[2];
    private final int[] server = new int[2];
    private final List<Integer> refusals = new ArrayList<>();
    private final SpliceLane lane = new SpliceLane(() -> client[1], () -> server[0], pipes, refusals::add);

    @BeforeEach
    void connect() {
        libc.socketpair(0, 0, 0, client);
        libc.socketpair(0, 0, 0, server);
    }

    private void clientSends(int bytes) {
        libc.write(client[0], new byte[bytes]);
    }

    @Test
    void hasAPipeOnlyWhileItHoldsBytes() {
        assertThat(lane.take(100)).isZero();
        assertThat(pipes.lease()).isNotNull();
        int before = pipes.open();
        clientSends(10);

        assertThat(lane.take(6)).isEqualTo(6);
        assertThat(lane.held()).isEqualTo(6);
        assertThat(pipes.open()).isEqualTo(before + 1);
        assertThat(lane.give()).isEqualTo(6);
        assertThat(lane.held()).isZero();
        assertThat(lane.give()).isZero();

        assertThat(pipes.lease()).isNotNull();
        assertThat(pipes.open()).isEqualTo(before + 1);
        lane.close();
        assertThat(pipes.open()).isEqualTo(before + 1);
    }

    @Test
    void pipeWithBytesIsClosedAndNeverPooled() {
        clientSends(10);
        lane.take(10);

        lane.close();

        assertThat(pipes.open()).isZero();
        assertThat(lane.held()).isZero();
        assertThat(lane.take(1)).isEqualTo(BulkLane.RESET);
        assertThat(lane.give()).isEqualTo(BulkLane.RESET);
    }

    @Test
    void takesNoMoreThanItsPipeHolds() {
        libc.pipeBytes = Pipes.LEAST_BYTES;
        clientSends(Pipes.LEAST_BYTES + 1);

        assertThat(lane.take(Integer.MAX_VALUE)).isEqualTo(Pipes.LEAST_BYTES);
        assertThat(lane.take(Integer.MAX_VALUE)).isZero();
        lane.give();
        assertThat(lane.take(Integer.MAX_VALUE)).isEqualTo(1);
    }

    @Test
    void endIsAnsweredOnceAllWasTaken() {
        clientSends(1);
        libc.close(client[0]);

        assertThat(lane.take(10)).isEqualTo(1);
        assertThat(lane.take(10)).isEqualTo(BulkLane.END);
        assertThat(lane.held()).isEqualTo(1);
    }

    @Test
    void fullPipeAndFullSinkAreLater() {
        clientSends(2);
        lane.take(1);

        libc.spliceFails.add(PipeLibc.EAGAIN);
        assertThat(lane.take(1)).isZero();
        libc.spliceFails.add(PipeLibc.EAGAIN);
        assertThat(lane.give()).isZero();
        assertThat(lane.held()).isEqualTo(1);
    }

    @Test
    void sinkThatTakesALittleAtATimeIsGivenAll() {
        clientSends(10);
        lane.take(10);
        libc.spliceBytes = 4;

        assertThat(lane.give()).isEqualTo(10);
        assertThat(lane.held()).isZero();
    }

    /** A2: splice(2) returns the bytes before an error, and nothing returns the error; another call fails, for the socket is closed. */
    @Test
    void resetBehindSomeBytesIsAReset() {
        clientSends(10);
        lane.take(10);
        libc.spliceBytes = 4;
        libc.spliceFails.addAll(List.of(0, 32));

        assertThat(lane.give()).isEqualTo(BulkLane.RESET);
    }

    @Test
    void signalsAreSatOutUpToABound() {
        clientSends(1);
        for (int i = 0; i < 3; i++) {
            libc.spliceFails.add(PipeLibc.EINTR);
        }
        assertThat(lane.take(1)).isEqualTo(1);

        libc.refusesSplice = PipeLibc.EINTR;
        assertThat(lane.give()).isZero();
        assertThat(lane.held()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {104, 110, 32, 113})
    void whatPeersAndNetworksDoIsAReset(int errno) {
        libc.refusesSplice = errno;
        assertThat(lane.take(1)).isEqualTo(BulkLane.RESET);

        libc.refusesSplice = 0;
        clientSends(1);
        lane.take(1);
        libc.refusesSplice = errno;
        assertThat(lane.give()).isEqualTo(BulkLane.RESET);
        assertThat(refusals).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {PipeLibc.EINVAL, PipeLibc.ENOSYS, PipeLibc.EPERM, PipeLibc.EOPNOTSUPP})
    void callThatTheSystemDoesNotDoIsUnsupportedAndReported(int errno) {
        clientSends(1);
        libc.refusesSplice = errno;

        assertThat(lane.take(1)).isEqualTo(BulkLane.UNSUPPORTED);

        assertThat(refusals).containsExactly(errno);
        assertThat(lane.held()).isZero();
    }

    @Test
    void lackOfPipesOrMemoryIsUnsupportedOnlyForNow() {
        libc.refusesPipes = 24;
        assertThat(lane.take(1)).isEqualTo(BulkLane.UNSUPPORTED);
        libc.refusesPipes = 0;
        libc.spliceFails.add(PipeLibc.ENOMEM);
        assertThat(lane.take(1)).isEqualTo(BulkLane.UNSUPPORTED);
        assertThat(refusals).isEmpty();

        clientSends(2);
        assertThat(lane.take(1)).isEqualTo(1);
        libc.spliceFails.add(PipeLibc.EINVAL);
        assertThat(lane.take(1)).isZero();
        lane.give();
        libc.spliceFails.add(PipeLibc.EINVAL);
        assertThat(lane.take(1)).isEqualTo(BulkLane.UNSUPPORTED);
        assertThat(refusals).isEmpty();
    }

    @Test
    void closedSocketIsNeverTouched() {
        clientSends(1);
        int open = client[1];
        client[1] = -1;
        assertThat(lane.take(1)).isEqualTo(BulkLane.RESET);

        client[1] = open;
        lane.take(1);
        server[0] = -1;
        assertThat(lane.give()).isEqualTo(BulkLane.RESET);
    }
}
