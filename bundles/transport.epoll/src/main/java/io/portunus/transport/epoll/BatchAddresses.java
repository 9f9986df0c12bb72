// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.DatagramBatch;
import io.portunus.linux.api.Libc;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Where the slots of batches begin, of those that were used last: to ask for that makes an object. It keeps no batch alive. Confined to a loop. */
final class BatchAddresses {
    /** A loop has one or two batches to receive by, and one or two to send by. */
    private static final int MOST = 4;

    private final List<Known> known = new ArrayList<>(MOST);
    private int next;

    private record Known(WeakReference<ByteBuffer> memory, long address) {
    }

    long of(Libc libc, DatagramBatch batch) {
        ByteBuffer memory = batch.memory();
        for (int i = 0; i < known.size(); i++) {
            if (known.get(i).memory().refersTo(memory)) {
                return known.get(i).address();
            }
        }
        Known found = new Known(new WeakReference<>(memory), libc.address(memory.duplicate().position(0)));
        if (known.size() < MOST) {
            known.add(found);
        } else {
            known.set(next++ % MOST, found);
        }
        return found.address();
    }
}
