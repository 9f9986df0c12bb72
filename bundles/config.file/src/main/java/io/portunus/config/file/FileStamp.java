// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a file looks like from outside; two looks that are equal saw the same content. Immutable.
 *
 * @param path where its links lead to; empty if it cannot be looked at
 * @param size its size in bytes
 * @param marks its number in the file system, and when it was last changed: its content, and whatever else of it
 */
record FileStamp(String path, long size, Map<String, Object> marks) {
    /** A file that is not there, or cannot be looked at, as one that a network took away. */
    static final FileStamp GONE = new FileStamp("", 0, Map.of());

    /** Copies the map. */
    FileStamp {
        marks = Map.copyOf(marks);
    }

    /** Looks at a file. The time of change is taken beside that of modification, since tools that copy times copy only the second. */
    static FileStamp of(Path file) {
        try {
            Path real = file.toRealPath();
            boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
            Map<String, Object> marks = Files.readAttributes(real, unix ? "unix:fileKey,lastModifiedTime,ctime" : "lastModifiedTime");
            return new FileStamp(real.toString(), Files.size(real), marks);
        } catch (IOException gone) {
            return GONE;
        }
    }

    /** Whether there is something to be read. */
    boolean readable() {
        return size > 0;
    }
}
