// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Where access records go. Confined to the writer's thread. */
sealed interface AccessOutput extends AutoCloseable permits AccessFile, AccessStream, AccessSyslog {
    /**
     * Writes whole lines. After a failure the buffer's position is that of the first line that was not written as a whole, and the next call
     * begins anew.
     */
    void write(ByteBuffer lines) throws IOException;

    /** Lets go of what is open; the next line opens it again, by its name. */
    void reopen();

    /** What it is, for messages. */
    String name();

    @Override
    void close();

    /** Writes everything; after a failure the position is behind the last line that was written as a whole. */
    static void writeAll(WritableByteChannel channel, ByteBuffer lines) throws IOException {
        int from = lines.position();
        try {
            while (lines.hasRemaining()) {
                channel.write(lines);
            }
        } catch (IOException failed) {
            int end = lines.position();
            while (end > from && lines.get(end - 1) != '\n') {
                end--;
            }
            lines.position(end);
            throw failed;
        }
    }
}
