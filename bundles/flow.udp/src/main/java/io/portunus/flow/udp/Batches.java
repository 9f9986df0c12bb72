// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import io.portunus.flow.spi.DatagramBatch;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions of a loop send and receive by, while they are called, and never longer: {@value #DATAGRAMS} datagrams at once, each with room for
 * the longest there is, so a batch has 2 MiB. Confined to its loop.
 */
final class Batches {
    private static final int DATAGRAMS = 32;

    private final DatagramBatch plain = batch();
    private @Nullable DatagramBatch headed;

    private static DatagramBatch batch() {
        return new DatagramBatch(DATAGRAMS, DatagramBatch.MAX_BYTES);
    }

    /** For what targets answer, and for what has waited. */
    DatagramBatch plain() {
        return plain;
    }

    /** For copies behind a header; made for the first target that requires one. */
    DatagramBatch headed() {
        DatagramBatch made = headed == null ? batch() : headed;
        headed = made;
        return made;
    }
}
