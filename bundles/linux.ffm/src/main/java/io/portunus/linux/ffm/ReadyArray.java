// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An array of struct epoll_event, epoll_event(3type). The union {@code data} holds a descriptor and a generation, so that a late event of a
 * descriptor that was closed is told from those of its successor. Confined to one thread.
 *
 * <pre>
 * x86-64, packed   | events 4 | descriptor 4 | generation 4 |
 * other            | events 4 | padding 4 | descriptor 4 | generation 4 |
 * </pre>
 */
final class ReadyArray {
    private static final boolean PACKED = "amd64".equals(System.getProperty("os.arch"));
    private static final long DATA = PACKED ? 4 : 8;
    private static final long BYTES = DATA + 8;

    private final MemorySegment memory;
    private final int capacity;
    private final long address;

    ReadyArray(int capacity) {
        this.capacity = capacity;
        memory = Arena.ofAuto().allocate(capacity * BYTES, 8);
        address = memory.address();
    }

    int capacity() {
        return capacity;
    }

    long address() {
        return address;
    }

    int events(int index) {
        return memory.get(JAVA_INT_UNALIGNED, index * BYTES);
    }

    int descriptor(int index) {
        return memory.get(JAVA_INT_UNALIGNED, index * BYTES + DATA);
    }

    int generation(int index) {
        return memory.get(JAVA_INT_UNALIGNED, index * BYTES + DATA + 4);
    }

    /** Fills the first one, and answers where it is. */
    long first(int events, int descriptor, int generation) {
        memory.set(JAVA_INT_UNALIGNED, 0, events);
        memory.set(JAVA_INT_UNALIGNED, DATA, descriptor);
        memory.set(JAVA_INT_UNALIGNED, DATA + 4, generation);
        return address;
    }
}
