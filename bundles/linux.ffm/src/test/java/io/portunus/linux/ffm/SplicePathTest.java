// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.memory.MemoryLoop;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.flow.spi.BulkLane;
import io.portunus.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SplicePathTest {
    private static final Platform GOOD = new Platform("Linux", true, true, "");

    private final List<FakeLibc> made = new ArrayList<>();
    private final MemoryLoop loop = new MemoryLoop();
    private final MemoryStream source = stream(3);
    private final MemoryStream sink = stream(4);
    private int refusesSplice;

    private MemoryStream stream(int descriptor) {
        MemoryStream stream = new MemoryStream(loop);
        stream.descriptor(descriptor);
        return stream;
    }

    private SplicePath path(Platform platform) {
        return new SplicePath(platform, () -> {
            FakeLibc libc = new FakeLibc();
            libc.refusesSplice = refusesSplice;
            made.add(libc);
            return libc;
        });
    }

    private void unavailable(Platform platform, String... expected) {
        SplicePath path = path(platform);

        assertThat(made).isEmpty();
        assertThat(path.open(source, sink)).isEmpty();
        assertThat(path.unavailable()).map(Problem::text).get().asString().contains(expected);
    }

    @Test
    void nothingNativeIsTouchedWithoutAccessAndTheFlagIsNamed() {
        unavailable(new Platform("Linux", false, true, ""), "--enable-native-access=ALL-UNNAMED");
        unavailable(new Platform("Linux", true, false, ""), "--add-exports java.base/sun.nio.ch=ALL-UNNAMED");
        unavailable(new Platform("Linux", true, true, "1"), "PORTUNUS_DISABLE_SPLICE=1");
        unavailable(new Platform("Mac OS X", true, true, ""), "Linux", "Mac OS X");
    }

    @Test
    void systemThatRefusesIsFoundOutAtOnce() {
        refusesSplice = PipeLibc.EPERM;

        SplicePath path = path(GOOD);

        assertThat(path.unavailable()).map(Problem::text).get().asString().contains("errno 1", "seccomp");
        assertThat(path.open(source, sink)).isEmpty();
        assertThat(made.getFirst().open()).isZero();
    }

    @Test
    void libraryThatCannotBeLinkedIsNoFailure() {
        SplicePath path = new SplicePath(GOOD, () -> {
            throw new NoClassDefFoundError("Ffm");
        });

        assertThat(path.unavailable()).isPresent();
        assertThat(path.open(source, sink)).isEmpty();
    }

    @Test
    void opensLanesWhereItWorksAndLeavesNothingOpenByLooking() {
        SplicePath path = path(GOOD);

        assertThat(path.unavailable()).isEmpty();
        assertThat(path.name()).isEqualTo("splice");
        assertThat(made.getFirst().open()).isZero();
        assertThat(path.open(source, sink)).isPresent();
    }

    @Test
    void streamWithoutADescriptorGetsNoLane() {
        SplicePath path = path(GOOD);

        assertThat(path.open(stream(-1), sink)).isEmpty();
        assertThat(path.open(source, stream(-1))).isEmpty();
        assertThat(path.unavailable()).isEmpty();
    }

    @Test
    void refusalThatCameLateIsRemembered() {
        SplicePath path = path(GOOD);
        BulkLane lane = path.open(source, sink).orElseThrow();
        made.getLast().refusesSplice = PipeLibc.EINVAL;

        assertThat(lane.take(1)).isEqualTo(BulkLane.UNSUPPORTED);

        assertThat(path.unavailable()).map(Problem::text).get().asString().contains("errno 22");
        assertThat(path.open(source, sink)).isEmpty();
    }

    @Test
    void retiredPathClosesItsPipesAndLeavesOpenLanesTheirs() {
        SplicePath path = path(GOOD);
        Optional<BulkLane> first = path.open(source, sink);
        FakeLibc libc = made.getLast();
        int[] client = new int[2];
        int[] server = new int[2];
        libc.socketpair(0, 0, 0, client);
        libc.socketpair(0, 0, 0, server);
        source.descriptor(client[1]);
        sink.descriptor(server[0]);
        BulkLane lane = first.orElseThrow();
        libc.write(client[0], new byte[2]);
        lane.take(1);
        lane.give();
        assertThat(libc.open()).isEqualTo(4 + 2);
        lane.take(1);

        path.retire();

        assertThat(path.open(source, sink)).isEmpty();
        assertThat(lane.give()).isEqualTo(1);
        lane.close();
        assertThat(libc.open()).isEqualTo(4);
    }
}
