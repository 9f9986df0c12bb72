// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Access records on standard output, which the process has from whoever started it and cannot open again. */
final class AccessStream implements AccessOutput {
    private final WritableByteChannel out;

    AccessStream(WritableByteChannel out) {
        this.out = out;
    }

    /** Standard output; not System.out, whose lock would let a stuck reader reach other threads that print. */
    static AccessStream standard() {
        return new AccessStream(new FileOutputStream(FileDescriptor.out).getChannel());
    }

    @Override
    public void write(ByteBuffer lines) throws IOException {
        AccessOutput.writeAll(out, lines);
    }

    @Override
    public void reopen() {
        // There is nothing that could be opened.
    }

    @Override
    public String name() {
        return "standard output";
    }

    @Override
    public void close() {
        // It stays open: it is not ours.
    }
}
