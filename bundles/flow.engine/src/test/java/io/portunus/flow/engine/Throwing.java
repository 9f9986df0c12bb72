// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;

/** Throws whatever comes, an error and no exception, and counts how often. */
final class Throwing implements StreamEvents {
    int calls;

    @Override
    public void readable(Stream stream) {
        calls++;
        throw new NoClassDefFoundError("readable");
    }

    @Override
    public void writable(Stream stream) {
        calls++;
        throw new NoClassDefFoundError("writable");
    }
}
