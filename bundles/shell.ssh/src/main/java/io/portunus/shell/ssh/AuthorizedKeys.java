// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import io.portunus.node.api.Actor;
import io.portunus.node.api.NamedFile;
import io.portunus.node.api.OwnFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose key is let in: the lines of a file, read again when it changes. The user's name does not matter, the key does. Thread-safe: one lock,
 * held for a look at the file.
 */
final class AuthorizedKeys implements PublickeyAuthenticator {
    /** Longest file. */
    static final int MAX_BYTES = 64 * 1024;
    /** Most lines with a key. */
    static final int MAX_KEYS = 256;
    /** Longest that the file may take to be read; logging in waits meanwhile. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Longest name of who asks, taken from a key's comment, in characters. */
    static final int MAX_NAME = 64;
    /** Who logged in, for the session's commands. */
    static final AttributeKey<Actor> ACTOR = new AttributeKey<>();
    private static final AttributeKey<Integer> REFUSED = new AttributeKey<>();
    private static final Logger LOG = LoggerFactory.getLogger(AuthorizedKeys.class);

    private final Path file;
    private final int attempts;
    private Optional<Stamp> seen = Optional.empty();
    private List<Key> keys = List.of();

    AuthorizedKeys(Path file, int attempts) {
        this.file = file;
        this.attempts = attempts;
    }

    @Override
    public boolean authenticate(@Nullable String user, PublicKey offered, ServerSession session) {
        Integer refused = session.getAttribute(REFUSED);
        int before = refused == null ? 0 : refused;
        List<Key> allowed = before < attempts ? current() : List.of();
        Optional<Key> known = allowed.stream().filter(k -> KeyUtils.compareKeys(k.key(), offered)).findFirst();
        if (known.isEmpty()) {
            session.setAttribute(REFUSED, before + 1);
            return false;
        }
        // Also set for a key that is only asked about; the key that is proved is always the last one asked about.
        session.setAttribute(ACTOR, new Actor("ssh", known.get().name()));
        return true;
    }

    private synchronized List<Key> current() {
        Stamp now = stamp();
        if (!seen.equals(Optional.of(now))) {
            seen = Optional.of(now);
            keys = now.trouble().isEmpty() ? read() : List.of();
            if (!now.trouble().isEmpty()) {
                LOG.atError().addKeyValue("event", "shell.keys_refused").addKeyValue("path", file).addKeyValue("reason", now.trouble())
                    .log("nobody can log in to the shell by SSH until this is mended");
            }
        }
        return keys;
    }

    private Stamp stamp() {
        try {
            BasicFileAttributes about = Files.readAttributes(file, BasicFileAttributes.class);
            String trouble = trouble(about);
            return new Stamp(about.lastModifiedTime().toMillis() + "/" + about.size() + "/" + about.fileKey(), trouble);
        } catch (IOException unreadable) {
            return new Stamp("", "it cannot be read (" + unreadable + "); put public keys into it, a line each");
        }
    }

    /** A link is followed, since the file may lie anywhere; nobody else may write to where it is, nor to where it leads. */
    private String trouble(BasicFileAttributes about) throws IOException {
        if (!about.isRegularFile()) {
            return "it is no regular file; put public keys into one, a line each";
        }
        if (about.size() > MAX_BYTES) {
            return "the file has more than " + MAX_BYTES + " bytes";
        }
        Path real = file.toRealPath();
        Path named = file.toAbsolutePath();
        for (Path place : List.of(real, named.resolveSibling("").toRealPath(), real.resolveSibling(""))) {
            Optional<String> complaint = OwnFile.complaint(place);
            if (complaint.isPresent()) {
                return complaint.get();
            }
        }
        return "";
    }

    private List<Key> read() {
        List<Key> read = new ArrayList<>();
        try {
            List<String> lines = new String(NamedFile.read(file, MAX_BYTES, PATIENCE), StandardCharsets.UTF_8).lines().toList();
            for (int i = 0; i < lines.size() && read.size() < MAX_KEYS; i++) {
                String line = lines.get(i).strip();
                if (!line.isEmpty() && !line.startsWith("#")) {
                    parse(line, i + 1).ifPresent(read::add);
                }
            }
        } catch (IOException unreadable) {
            skipped(0, String.valueOf(unreadable));
        }
        return List.copyOf(read);
    }

    private Optional<Key> parse(String line, int number) {
        try {
            AuthorizedKeyEntry entry = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line);
            if (entry.getLoginOptions() != null && !entry.getLoginOptions().isEmpty()) {
                // Not knowing what an option forbids, this must not let its key do everything.
                skipped(number, "options in front of a key are not supported");
                return Optional.empty();
            }
            PublicKey key = entry.resolvePublicKey(null, null);
            String comment = entry.getComment() == null ? "" : entry.getComment().strip();
            String name = comment.isEmpty() ? KeyUtils.getFingerPrint(key) : comment;
            return Optional.of(new Key(key, name.substring(0, Math.min(name.length(), MAX_NAME))));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException malformed) {
            skipped(number, String.valueOf(malformed.getMessage()));
            return Optional.empty();
        }
    }

    private void skipped(int number, String why) {
        LOG.atWarn().addKeyValue("event", "shell.key_skipped").addKeyValue("path", file).addKeyValue("line", number).addKeyValue("reason", why)
            .log("a line of the file of keys does not count");
    }

    /**
     * A key that is let in.
     *
     * @param key the key
     * @param name its comment, or its fingerprint
     */
    private record Key(PublicKey key, String name) {
    }

    /**
     * What the file looked like.
     *
     * @param identity differs when the file does
     * @param trouble why it cannot be trusted; empty when it can
     */
    private record Stamp(String identity, String trouble) {
    }
}
