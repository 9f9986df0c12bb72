// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PipesTest {
    private final FakeLibc libc = new FakeLibc();
    private final AtomicBoolean retired = new AtomicBoolean();
    private final Pipes pipes = new Pipes(libc, retired::get);

    private List<Pipe> leaseAll() {
        List<Pipe> leased = new ArrayList<>();
        for (Pipe pipe = pipes.lease(); pipe != null; pipe = pipes.lease()) {
            leased.add(pipe);
        }
        return leased;
    }

    private Pipe lease() {
        return Objects.requireNonNull(pipes.lease());
    }

    @Test
    void emptyPipeIsLeasedAgain() {
        Pipe first = lease();
        pipes.giveBack(first);

        assertThat(pipes.lease()).isSameAs(first);
        assertThat(libc.open()).isEqualTo(2);
    }

    @Test
    void opensNoMoreThanItsBoundAndKeepsNoMoreThanItsOther() {
        List<Pipe> all = leaseAll();

        assertThat(all).hasSize(Pipes.MAX_OPEN);
        assertThat(pipes.available()).isFalse();
        all.forEach(pipes::giveBack);
        assertThat(libc.open()).isEqualTo(2 * Pipes.MAX_IDLE);
        assertThat(pipes.available()).isTrue();
        assertThat(leaseAll()).hasSize(Pipes.MAX_OPEN);
    }

    @Test
    void takesASmallerPipeButNotATinyOne() {
        libc.pipeBytes = Pipes.LEAST_BYTES;
        assertThat(pipes.lease()).isNotNull().extracting(Pipe::capacity).isEqualTo(Pipes.LEAST_BYTES);

        libc.pipeBytes = 4096;
        assertThat(pipes.lease()).isNull();
        assertThat(libc.open()).isEqualTo(2);
    }

    @Test
    void hasNoneWhenDescriptorsAreUsedUp() {
        libc.refusesPipes = 24;

        assertThat(pipes.lease()).isNull();
        assertThat(pipes.open()).isZero();
    }

    @Test
    void retiredPoolClosesWhatComesBack() {
        Pipe leased = lease();
        pipes.giveBack(lease());
        retired.set(true);

        pipes.drain();
        assertThat(libc.open()).isEqualTo(2);
        pipes.giveBack(leased);
        assertThat(libc.open()).isZero();
    }
}
