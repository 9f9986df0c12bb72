// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** The number of the user whom this process acts as. It does not change. */
final class ProcessUser {
    /** Empty where users have no numbers. */
    static final OptionalInt ID = find();
    private static final String LINE = "Uid:";

    private ProcessUser() {
    }

    private static OptionalInt find() {
        try {
            OptionalInt listed = parse(Files.readAllLines(Path.of("/proc/self/status")));
            return listed.isPresent() ? listed : ofNewFile();
        } catch (IOException noProc) {
            return ofNewFile();
        }
    }

    /** The second number is the effective one (proc_pid_status(5)). */
    static OptionalInt parse(List<String> status) {
        return status.stream().filter(line -> line.startsWith(LINE)).map(line -> line.substring(LINE.length()).strip().split("\\s+"))
            .filter(numbers -> numbers.length > 1 && numbers[1].matches("[0-9]{1,9}")).mapToInt(numbers -> Integer.parseInt(numbers[1]))
            .findFirst();
    }

    private static OptionalInt ofNewFile() {
        try {
            Path file = Files.createTempFile("portunus", "");
            try {
                return Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS) instanceof Integer id ? OptionalInt.of(id)
                    : OptionalInt.empty();
            } finally {
                Files.delete(file);
            }
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
            return OptionalInt.empty();
        }
    }
}
