// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.launcher.role.StateFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/** The directory of what outlives the process, held by one process at a time. Thread-safe: it has no state but the lock. */
final class StateDirectory implements AutoCloseable {
    private final Path path;
    private final FileChannel lockFile;

    private StateDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Chooses the directory: option, {@code STATE_DIRECTORY}, {@code XDG_STATE_HOME}, {@code HOME}, working directory.
     *
     * @param option what the command line sets
     * @param environment the process's environment
     * @param name of the folder within those that are not the role's own
     */
    static Path choose(Optional<Path> option, Map<String, String> environment, String name) {
        return option
            // systemd separates several directories by colons; the first is the main one.
            .or(() -> variable(environment, "STATE_DIRECTORY").map(value -> Path.of(value.split(":", 2)[0])))
            // The XDG base directory specification: a relative path is invalid and ignored.
            .or(() -> variable(environment, "XDG_STATE_HOME").map(Path::of).filter(Path::isAbsolute).map(base -> base.resolve(name)))
            .or(() -> variable(environment, "HOME").map(home -> Path.of(home, ".local", "state", name)))
            .orElseGet(() -> Path.of(name + ".state"))
            .toAbsolutePath().normalize();
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /**
     * Makes the directory, readable by its owner alone, if it is not there, and locks it.
     *
     * @param holds what the role has in it
     * @throws LaunchException if it cannot be made, is not to be believed, or another process holds it
     */
    static StateDirectory open(Path chosen, StateFolder holds) {
        FileChannel channel;
        Path path = chosen;
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            // A link to the folder is taken, as systemd makes one for DynamicUser=; within, none is followed.
            path = path.toRealPath();
            StateTrust.require(path, holds);
            channel = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new LaunchException(ExitCode.FAILED, "The state directory " + path + " cannot be used: " + fault(e) + ".", e);
        }
        if (!locked(channel)) {
            throw new LaunchException(ExitCode.FAILED,
                "Another instance runs with the state directory " + path + "; stop it or name another directory with --state-dir.");
        }
        return new StateDirectory(path, channel);
    }

    /** What is wrong, and what to do. */
    static String fault(IOException e) {
        return switch (e) {
            case FileAlreadyExistsException there -> there.getFile() + " is a file; name a directory with --state-dir";
            case AccessDeniedException denied -> denied.getFile() + " may not be written by the user of this process; give it to that user, or name "
                + "another directory with --state-dir";
            case FileSystemException explained when explained.getReason() != null -> explained.getFile() + ": " + explained.getReason()
                + "; make room, make it writable, or name another directory with --state-dir";
            default -> e.getMessage() + "; make room, make it writable, or name another directory with --state-dir";
        };
    }

    private static boolean locked(FileChannel channel) {
        try {
            Optional<FileLock> lock = Optional.ofNullable(channel.tryLock());
            if (lock.isEmpty()) {
                channel.close();
            }
            return lock.isPresent();
        } catch (OverlappingFileLockException | IOException e) {
            return false;
        }
    }

    Path path() {
        return path;
    }

    /** The first line of a file that the appliance left in the directory; empty if there is none. */
    Optional<String> line(String name) {
        try (var lines = Files.lines(path.resolve(name))) {
            return lines.findFirst().map(String::strip);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
