// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;

/** Writes batches of lines to a stream, one write a batch. Confined to the writer's thread. */
final class LineSink implements BoundedDrain.Sink<String> {
    private final OutputStream out;
    private final LineFormat format;
    private final InstantSource clock;

    LineSink(OutputStream out, LineFormat format, InstantSource clock) {
        this.out = out;
        this.format = format;
        this.clock = clock;
    }

    @Override
    public void write(List<String> batch, long lost) {
        StringBuilder text = new StringBuilder();
        batch.forEach(text::append);
        if (lost > 0) {
            text.append(format.render(LogLine.ofDropped(clock.instant(), lost)));
        }
        try {
            out.write(text.toString().getBytes(UTF_8));
            out.flush();
        } catch (IOException nobodyReads) {
            // Standard error is closed: there is no place left to report that.
        }
    }

    @Override
    public void finish(long lost) {
        if (lost > 0) {
            write(List.of(), lost);
        }
    }
}
