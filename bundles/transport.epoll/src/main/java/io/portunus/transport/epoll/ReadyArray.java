// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.linux.api.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An array of struct epoll_event, epoll_event(3type). The union {@code data} holds a descriptor and a generation, so that a late event of a
 * descriptor that was closed is distinguished from those of its successor. Confined to one thread.
 *
 * <pre>
 * x86-64, packed   | events 4 | descriptor 4 | generation 4 |
 * other            | events 4 | padding 4 | descriptor 4 | generation 4 |
 * </pre>
 */
final class ReadyArray {
    private static final boolean PACKED = "amd64".equals(System.getProperty("os.arch"));
    private static final int DATA = PACKED ? 4 : 8;
    private static final int BYTES = DATA + 8;

    private final ByteBuffer memory;
    private final int capacity;
    private final long address;

    ReadyArray(int capacity, Libc libc) {
        this.capacity = capacity;
        memory = ByteBuffer.allocateDirect(capacity * BYTES).order(ByteOrder.nativeOrder());
        address = libc.address(memory);
    }

    int capacity() {
        return capacity;
    }

    long address() {
        return address;
    }

    int events(int index) {
        return memory.getInt(index * BYTES);
    }

    int descriptor(int index) {
        return memory.getInt(index * BYTES + DATA);
    }

    int generation(int index) {
        return memory.getInt(index * BYTES + DATA + 4);
    }

    /** Fills the first one, and answers where it is. */
    long first(int events, int descriptor, int generation) {
        memory.putInt(0, events).putInt(DATA, descriptor).putInt(DATA + 4, generation);
        return address;
    }
}
