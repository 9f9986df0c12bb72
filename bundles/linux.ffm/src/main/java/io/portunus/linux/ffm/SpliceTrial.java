// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/**
 * Moves bytes by a lane from one pair of sockets to another, both its own, and looks whether they arrive. Confined to the thread that runs
 * it; never blocks.
 */
final class SpliceTrial {
    private static final int SOCKETS = PipeLibc.SOCK_STREAM | PipeLibc.O_NONBLOCK | PipeLibc.O_CLOEXEC;
    /** Bytes at a time; what a socket takes at once, whatever its buffers. */
    private static final int CHUNK = 4096;
    /** Calls for one chunk, before it is called stuck. */
    private static final int MAX_STEPS = 64;

    private final PipeLibc libc;
    private final int[] client = {-1, -1};
    private final int[] server = {-1, -1};

    private SpliceTrial(PipeLibc libc) {
        this.libc = libc;
    }

    /** What went wrong; empty when all bytes arrived, and the end after them. */
    static Optional<String> run(PipeLibc libc, int chunks) {
        SpliceTrial trial = new SpliceTrial(libc);
        Pipes pipes = new Pipes(libc, () -> false);
        try {
            return trial.connect().or(() -> trial.move(pipes, chunks))
                .or(() -> pipes.open() > 1 ? Optional.of("pipes were left open") : Optional.empty());
        } finally {
            pipes.drain();
            trial.close(trial.client);
            trial.close(trial.server);
        }
    }

    private Optional<String> connect() {
        return libc.socketpair(PipeLibc.AF_UNIX, SOCKETS, 0, client) < 0 || libc.socketpair(PipeLibc.AF_UNIX, SOCKETS, 0, server) < 0
            ? failed("socketpair(2)") : Optional.empty();
    }

    private Optional<String> failed(String call) {
        return Optional.of(call + " failed with errno " + libc.errno());
    }

    private Optional<String> move(Pipes pipes, int chunks) {
        int[] errno = {0};
        SpliceLane lane = new SpliceLane(() -> client[1], () -> server[0], pipes, refused -> errno[0] = refused);
        try {
            Random noise = new Random(chunks);
            byte[] chunk = new byte[CHUNK];
            for (int i = 0; i < chunks; i++) {
                noise.nextBytes(chunk);
                Optional<String> wrong = move(lane, chunk);
                if (wrong.isPresent()) {
                    return errno[0] == 0 ? wrong : Optional.of("splice(2) is refused with errno " + errno[0]);
                }
            }
            libc.close(client[0]);
            client[0] = -1;
            return lane.take(CHUNK) == SpliceLane.END ? Optional.empty() : Optional.of("the end did not arrive");
        } finally {
            lane.close();
        }
    }

    private Optional<String> move(SpliceLane lane, byte[] chunk) {
        if (libc.write(client[0], chunk) != chunk.length) {
            return failed("write(2)");
        }
        int given = 0;
        for (int i = 0; i < MAX_STEPS && given < chunk.length; i++) {
            int taken = lane.take(CHUNK);
            int passed = lane.give();
            if (taken < 0 || passed < 0) {
                return Optional.of("a lane answered " + taken + " and " + passed);
            }
            given += passed;
        }
        byte[] arrived = new byte[CHUNK];
        return given == chunk.length && libc.read(server[1], arrived) == chunk.length && Arrays.equals(arrived, chunk)
            ? Optional.empty() : Optional.of("bytes did not arrive as they were sent");
    }

    private void close(int[] descriptors) {
        for (int descriptor : descriptors) {
            if (descriptor >= 0) {
                libc.close(descriptor);
            }
        }
    }
}
