// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.OwnFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The secret that opens the node's resources, kept in {@code admin.token} of the state directory. Immutable. */
final class AdminToken {
    /** Name of the file. */
    static final String FILE = "admin.token";
    /** Shortest token taken; one made here has 43 characters. */
    static final int MIN_CHARACTERS = 32;
    /** Longest file read. */
    static final int MAX_BYTES = 512;

    private static final int RANDOM_BYTES = 32;
    private static final String SCHEME = "Bearer ";
    private static final Set<PosixFilePermission> OTHERS = Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private final Optional<String> secret;
    private final List<Problem> problems;

    private AdminToken(Optional<String> secret, List<Problem> problems) {
        this.secret = secret;
        this.problems = List.copyOf(problems);
    }

    /** Reads the file, or makes it when there is none. A file that is not fit gives a token that nothing matches. */
    static AdminToken open(Path state) {
        Path file = state.resolve(FILE);
        try {
            // Who may write to the folder may put another token there.
            Optional<String> untrusted = OwnFile.complaint(state.toRealPath());
            if (untrusted.isPresent()) {
                return unfit("no token of this folder is believed: " + untrusted.get() + " Then restart");
            }
            if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
                OwnFile.replace(file, (random() + "\n").getBytes(StandardCharsets.US_ASCII), "rw-------");
            }
            return read(file);
        } catch (IOException | UnsupportedOperationException e) {
            return unfit("the token file " + file + " cannot be read or made (" + e + "); give the process a state directory it may write");
        }
    }

    private static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static AdminToken read(Path file) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile() || attributes.size() > MAX_BYTES) {
            return unfit("the token file " + file + " is no regular file of at most " + MAX_BYTES + " bytes; remove it and restart");
        }
        Optional<String> untrusted = OwnFile.complaint(file);
        if (untrusted.isPresent()) {
            return unfit("the token file is not believed: " + untrusted.get() + " Or remove the file; then restart");
        }
        if (attributes.permissions().stream().anyMatch(OTHERS::contains)) {
            return unfit("others than its owner may read or write the token file " + file + "; remove it and restart, so that a new token is made");
        }
        String text = new String(OwnFile.read(file, MAX_BYTES), StandardCharsets.US_ASCII).strip();
        boolean printable = text.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (text.length() < MIN_CHARACTERS || !printable) {
            return unfit("the token in " + file + " is no word of at least " + MIN_CHARACTERS + " characters; remove the file and restart");
        }
        return new AdminToken(Optional.of(text), List.of());
    }

    private static AdminToken unfit(String sentence) {
        return new AdminToken(Optional.empty(), List.of(Problem.of(ProblemCode.IO_ERROR, FILE, sentence)));
    }

    /** Why there is no token; empty when there is one. */
    List<Problem> problems() {
        return problems;
    }

    /** Whether a header {@code Authorization} has the token. Takes the same time whatever part of it is wrong. */
    boolean opens(String authorization) {
        if (secret.isEmpty() || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] given = authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(given, secret.get().getBytes(StandardCharsets.UTF_8));
    }
}
