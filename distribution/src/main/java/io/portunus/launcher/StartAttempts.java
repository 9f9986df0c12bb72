// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.node.api.OwnFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Counts the starts with what was deployed that came to no good end, in a file of the state folder that is written before code of a bundle runs:
 * so those count, too, that ended with the process. It counts for one content of {@code generation.json}; whatever changes that begins
 * anew. Confined to the main thread.
 */
final class StartAttempts {
    /** Its name in the state folder. */
    static final String FILE = "generation.attempts";
    /** After so many the next start leaves out what was deployed. */
    static final int MOST = 2;
    private static final int MAX_SIZE = 256;
    private final Path file;
    private final String generation;
    private final int failed;

    private StartAttempts(Path file, String generation, int failed) {
        this.file = file;
        this.generation = generation;
        this.failed = failed;
    }

    /** Those of the generation of a state folder; a file that cannot be read counts as none. */
    static StartAttempts of(Path state) {
        String generation = digest(state.resolve(Generation.FILE));
        Path file = state.resolve(FILE);
        return new StartAttempts(file, generation, read(file, generation));
    }

    private static int read(Path file, String generation) {
        try {
            String[] words = new String(OwnFile.read(file, MAX_SIZE), StandardCharsets.US_ASCII).strip().split(" ", 2);
            return words.length == 2 && words[0].equals(generation) ? Integer.parseInt(words[1]) : 0;
        } catch (IOException | NumberFormatException none) {
            return 0;
        }
    }

    private static String digest(Path file) {
        try {
            byte[] content = OwnFile.read(file, Generation.MAX_SIZE);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchFileException none) {
            return "none";
        } catch (IOException e) {
            return "unreadable";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Whether this start leaves out what was deployed. Once a start has failed without it as well, it was not to blame, and is tried
     * again.
     */
    boolean leavesOut() {
        return failed == MOST;
    }

    /** Where it is written down; deleted, it is forgotten. */
    Path file() {
        return file;
    }

    /** A start begins, with what was deployed or without it as {@link #leavesOut} has it. */
    void begin() throws IOException {
        write(failed > MOST ? 1 : failed + 1);
    }

    /** It came to a good end, or to one that what was deployed has no part in. */
    void end() throws IOException {
        if (leavesOut()) {
            // The same again at the next start: nobody has changed anything.
            write(MOST);
        } else {
            Files.deleteIfExists(file);
        }
    }

    private void write(int count) throws IOException {
        OwnFile.replace(file, (generation + " " + count + "\n").getBytes(StandardCharsets.US_ASCII), "rw-r--r--");
    }
}
