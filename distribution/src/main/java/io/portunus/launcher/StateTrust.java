// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.launcher.role.StateFolder;
import io.portunus.node.api.OwnFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Whether what the state directory holds may be believed and run. Stateless. */
final class StateTrust {
    /** What the launcher itself opens and looks into; each may be absent. */
    private static final List<String> FILES = List.of("lock", Generation.FILE);
    private static final List<String> FOLDERS = List.of("jars");

    private StateTrust() {
    }

    /**
     * Refuses a directory that others than the process's user and root own or may write to, or in which there is such a thing.
     *
     * @param holds what the role has in it
     * @throws LaunchException with a sentence for each
     */
    static void require(Path state, StateFolder holds) throws IOException {
        List<String> complaints = new ArrayList<>(complaint(state, true));
        for (String name : both(FILES, holds.files())) {
            complaints.addAll(complaint(state.resolve(name), false));
        }
        for (String name : both(FOLDERS, holds.folders())) {
            complaints.addAll(complaint(state.resolve(name), true));
        }
        if (!complaints.isEmpty()) {
            throw new LaunchException(ExitCode.FAILED, "The state directory " + state + " is not to be believed:" + System.lineSeparator()
                + String.join(System.lineSeparator(), complaints));
        }
    }

    private static List<String> both(List<String> ours, List<String> others) {
        return Stream.concat(ours.stream(), others.stream()).toList();
    }

    private static List<String> complaint(Path path, boolean folder) throws IOException {
        try {
            List<String> untrusted = OwnFile.complaint(path).stream().toList();
            if (!untrusted.isEmpty()) {
                return untrusted;
            }
            boolean fits = folder ? Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) : Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
            return fits ? List.of() : List.of(path + " is no " + (folder ? "folder" : "regular file") + "; move it away.");
        } catch (NoSuchFileException absent) {
            return List.of();
        }
    }
}
