// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Reads proc(5) about this process; what is not there is 0. Stateless. */
final class LinuxProcess {
    private static final long BYTES_PER_KILOBYTE = 1024;
    private final Path directory;

    LinuxProcess() {
        this(Path.of("/proc/self"));
    }

    LinuxProcess(Path directory) {
        this.directory = directory;
    }

    Snapshot.ProcessLine read() {
        return new Snapshot.ProcessLine(openFiles(), number("limits", "Max open files"), number("status", "VmRSS:") * BYTES_PER_KILOBYTE);
    }

    /** Since Linux 6.2 the size of the directory is the number of its entries; counting them takes long when there are many. */
    private long openFiles() {
        Path descriptors = directory.resolve("fd");
        try {
            long size = Files.size(descriptors);
            if (size > 0) {
                return size;
            }
            try (Stream<Path> entries = Files.list(descriptors)) {
                return entries.count();
            }
        } catch (IOException notLinux) {
            return 0;
        }
    }

    /** The first number of the line that begins so; "unlimited" is not one. */
    private long number(String file, String beginning) {
        try (Stream<String> lines = Files.lines(directory.resolve(file))) {
            return lines.filter(line -> line.startsWith(beginning)).findFirst()
                .map(line -> line.substring(beginning.length()).strip().split("\\s+", 2)[0])
                .filter(text -> !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9'))
                .map(Long::parseLong).orElse(0L);
        } catch (IOException notLinux) {
            return 0;
        }
    }
}
