// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads the configuration file, and remembers the last one without problems: the same bytes are not read again, and of others only the
 * rules that were changed. What a file says follows from its bytes alone, so this changes nothing but the time it takes. A file that has
 * problems is always read as a whole, so that they have one source. For one thread at a time; needs neither framework nor log.
 */
final class ConfigReader {
    /** Largest file that is read; as many bytes at most are remembered. */
    static final int MAX_BYTES = 4 << 20;

    private final PromptFiles files;
    private final Supplier<Declarations> declarations;
    private Optional<FileReading> last = Optional.empty();

    /**
     * A reader that has read nothing yet.
     *
     * @param declarations what the bundles declare now
     */
    ConfigReader(PromptFiles files, Supplier<Declarations> declarations) {
        this.files = files;
        this.declarations = declarations;
    }

    /** What the bundles declare now. */
    Declarations declared() {
        return declarations.get();
    }

    /** Reads a file. */
    ConfigOutcome read(Path file) {
        try {
            byte[] bytes = files.read(file, MAX_BYTES + 1);
            return bytes.length > MAX_BYTES
                ? unreadable("the file is larger than " + MAX_BYTES + " bytes; is it the right one?") : read(bytes);
        } catch (NoSuchFileException missing) {
            return unreadable("there is no such file; name an existing one with --config");
        } catch (IOException unreadable) {
            return unreadable("the file cannot be read (" + unreadable.getMessage() + "); check that it is a file and its permissions");
        }
    }

    private static ConfigOutcome unreadable(String text) {
        return new ConfigOutcome.Invalid(List.of(Problem.of(ProblemCode.IO_ERROR, "", text)));
    }

    /** Reads the bytes of a file, which nobody changes any more. */
    ConfigOutcome read(byte[] bytes) {
        Declarations declared = declarations.get();
        if (last.isPresent() && last.get().readBy(declared) && last.get().cut().file().equals(new FilePiece(bytes, 0, bytes.length))) {
            return last.get().outcome();
        }
        FileCut cut = FileCut.of(bytes);
        Optional<FileReading> pieces = FileReading.ofPieces(cut, declared, last);
        if (pieces.isPresent()) {
            last = pieces;
            return pieces.get().outcome();
        }
        return switch (ConfigFile.read(bytes, declared)) {
            case ConfigOutcome.Invalid invalid -> invalid;
            case ConfigOutcome.Valid valid -> {
                FileReading whole = FileReading.ofWhole(cut, valid, last);
                last = Optional.of(whole);
                yield whole.outcome();
            }
        };
    }
}
