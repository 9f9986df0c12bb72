// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.RuleSet;
import io.portunus.node.api.OwnFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last set of each source that was put in force, on disk: {@code rules/<source>.last} of the state folder, for its owner only, with a checksum,
 * replaced as a whole. Thread-safe. To keep a set takes no time of who publishes: it is written by a thread of its own, {@code rules-keep}, at once
 * or, if it wrote just before, within a second; of several sets of a source only the last. It is on disk when {@link #stored} returns its revision.
 */
final class LastSets implements AutoCloseable {
    /** Largest file that is written or believed: ten thousand rules have about 5 MiB. */
    static final int MAX_BYTES = 64 << 20;
    /** Least time between two times of writing. */
    static final Duration PAUSE = Duration.ofSeconds(1);
    /** Longest that the end waits for what is being written. */
    private static final Duration LAST_WRITE = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(LastSets.class);
    private static final byte[] MAGIC = "portunus rules 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGEST_BYTES = 32;

    private final Optional<Path> folder;
    private final CountDownLatch closed = new CountDownLatch(1);
    /** What is to be written, at most one set of a source; guarded by this. */
    private final Map<String, RuleSet> pending = new LinkedHashMap<>();
    /** Who writes; guarded by this. */
    private Optional<Thread> writer = Optional.empty();
    private final Map<String, RuleSet> kept = new ConcurrentHashMap<>();
    private final Map<String, Problem> failures = new ConcurrentHashMap<>();

    private LastSets(Optional<Path> folder) {
        this.folder = folder;
    }

    /** Those of a state folder. */
    static LastSets in(Path state) {
        return new LastSets(Optional.of(state.resolve("rules")));
    }

    /** None, where nothing is to outlive the process. */
    static LastSets nowhere() {
        return new LastSets(Optional.empty());
    }

    /** Has a set written soon; returns at once. */
    synchronized void keep(String source, RuleSet set) {
        if (folder.isEmpty() || closed.getCount() == 0) {
            return;
        }
        pending.put(source, set);
        if (writer.isEmpty()) {
            writer = Optional.of(Thread.ofPlatform().daemon().name("rules-keep").start(this::write));
        }
    }

    private void write() {
        for (Map<String, RuleSet> next = next(); !next.isEmpty(); next = next()) {
            next.forEach(this::write);
            pause();
        }
    }

    private synchronized Map<String, RuleSet> next() {
        Map<String, RuleSet> next = new LinkedHashMap<>(pending);
        pending.clear();
        if (next.isEmpty()) {
            writer = Optional.empty();
        }
        return next;
    }

    private void pause() {
        try {
            if (closed.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(String source, RuleSet set) {
        if (set.equals(kept.get(source))) {
            return;
        }
        try {
            byte[] payload = RecordWriter.write(set);
            if (payload.length > MAX_BYTES) {
                throw new IOException("they have " + payload.length + " bytes, more than " + MAX_BYTES);
            }
            OwnFile.replace(file(source), joined(MAGIC, digest(payload), payload), "rw-------");
            kept.put(source, set);
            failures.remove(source);
            LOG.atDebug().addKeyValue("event", "rules.kept").addKeyValue("source", source).addKeyValue("revision", set.revision())
                .log("the rules of a source are on disk");
        } catch (IOException | RuntimeException lastResort) {
            failures.put(source, Problem.of(ProblemCode.IO_ERROR, "source." + source, "the rules of the source '" + source + "' are in force, but"
                + " cannot be kept for a start without it (" + lastResort.getMessage() + "); check space and permissions of the state folder"));
            LOG.atWarn().addKeyValue("event", "rules.not_kept").addKeyValue("source", source).addKeyValue("reason", String.valueOf(lastResort))
                .log("the rules of a source cannot be kept on disk; they are in force all the same");
        }
    }

    private Path file(String source) throws IOException {
        return OwnFile.folder(folder.orElseThrow(() -> new IOException("there is no state folder"))).resolve(source + ".last");
    }

    /** Revision of the set of a source that is on disk, as far as it was written or read by this process. */
    Optional<String> stored(String source) {
        return Optional.ofNullable(kept.get(source)).map(RuleSet::revision);
    }

    /** What could not be written. */
    List<Problem> problems() {
        return List.copyOf(failures.values());
    }

    /** The set of a source; empty if there is none, or none that can be believed, which is logged. Blocks for the disk. */
    Optional<RuleSet> read(String source) {
        if (folder.isEmpty() || Files.notExists(folder.get().resolve(source + ".last"))) {
            return Optional.empty();
        }
        try {
            byte[] file = OwnFile.read(file(source), MAX_BYTES + MAGIC.length + DIGEST_BYTES);
            int body = MAGIC.length + DIGEST_BYTES;
            if (file.length < body || !Arrays.equals(MAGIC, Arrays.copyOf(file, MAGIC.length))) {
                throw new IOException("it is not of this version, or no such file");
            }
            byte[] payload = Arrays.copyOfRange(file, body, file.length);
            if (!MessageDigest.isEqual(digest(payload), Arrays.copyOfRange(file, MAGIC.length, body))) {
                throw new IOException("its checksum is wrong");
            }
            RuleSet set = RecordReader.read(payload, RuleSet.class);
            kept.put(source, set);
            return Optional.of(set);
        } catch (IOException unusable) {
            LOG.atError().addKeyValue("event", "rules.last_unusable").addKeyValue("source", source).addKeyValue("reason", unusable.getMessage())
                .log("the last rules of a source cannot be used, and it gives no others now");
            return Optional.empty();
        }
    }

    private static byte[] digest(byte[] payload) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(payload);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }

    private static byte[] joined(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** Writes what is pending, and waits for it a bounded time. */
    @Override
    public void close() {
        Optional<Thread> last;
        synchronized (this) {
            closed.countDown();
            last = writer;
        }
        try {
            if (last.isPresent() && !last.get().join(LAST_WRITE)) {
                LOG.atWarn().addKeyValue("event", "rules.not_kept").addKeyValue("reason", "the disk does not answer")
                    .log("the last rules may not be on disk");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
