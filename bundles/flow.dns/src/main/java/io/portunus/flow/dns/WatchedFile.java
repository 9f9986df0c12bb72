// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A small text file that others write. Looks at most once a second whether it is another one. Confined to one thread. */
final class WatchedFile<T> {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);
    private static final Duration LOOK_EACH = Duration.ofSeconds(1);
    /** What is beyond is not read. */
    private static final int MAX_BYTES = 1 << 20;
    private final Path path;
    private final InstantSource clock;
    private final Function<List<String>, T> parser;
    private T content;
    /** Size, time and identity; empty: there is no such file. */
    private String seen = "";
    private Instant nextLook = Instant.MIN;

    WatchedFile(Path path, InstantSource clock, Function<List<String>, T> parser) {
        this.path = path;
        this.clock = clock;
        this.parser = parser;
        this.content = parser.apply(List.of());
    }

    T content() {
        Instant now = clock.instant();
        // The second condition: somebody has set the clock back.
        if (!now.isBefore(nextLook) || now.plus(LOOK_EACH).isBefore(nextLook)) {
            nextLook = now.plus(LOOK_EACH);
            look();
        }
        return content;
    }

    private void look() {
        String now = state();
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try (InputStream in = Files.newInputStream(path)) {
            content = parser.apply(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).lines().toList());
            LOG.atDebug().addKeyValue("file", path).log("read");
        } catch (IOException e) {
            content = parser.apply(List.of());
            LOG.atDebug().addKeyValue("file", path).setCause(e).log("not readable, taken for empty");
        }
    }

    private String state() {
        try {
            BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
            return is.size() + " " + is.lastModifiedTime() + " " + is.fileKey();
        } catch (IOException e) {
            return "";
        }
    }
}
