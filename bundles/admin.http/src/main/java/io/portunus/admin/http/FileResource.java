// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.RefusedException;
import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.admin.api.StaticFiles;
import io.portunus.model.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Gives files below a prefix. Thread-safe. */
final class FileResource implements Resource {
    /** The variable that has what follows the prefix; without it, the request left the last slash out. */
    static final String REST = "rest";

    /** A name that begins with a dot is hidden, or leads elsewhere. */
    private static final Pattern PATH = Pattern.compile("([A-Za-z0-9_~@+-][A-Za-z0-9._~@+-]*/)*[A-Za-z0-9_~@+-][A-Za-z0-9._~@+-]*");
    private static final int MAX_PATH = 512;
    private static final String INDEX = "index.html";
    /** What may be given, by the end of its name; a browser is not to guess. */
    private static final Map<String, String> TYPES = Map.ofEntries(Map.entry("html", "text/html; charset=utf-8"),
        Map.entry("css", "text/css; charset=utf-8"), Map.entry("js", "text/javascript; charset=utf-8"),
        Map.entry("mjs", "text/javascript; charset=utf-8"), Map.entry("json", "application/json"), Map.entry("map", "application/json"),
        Map.entry("webmanifest", "application/manifest+json"), Map.entry("wasm", "application/wasm"), Map.entry("xml", "application/xml"),
        Map.entry("txt", "text/plain; charset=utf-8"), Map.entry("md", "text/markdown; charset=utf-8"), Map.entry("pdf", "application/pdf"),
        Map.entry("svg", "image/svg+xml"), Map.entry("png", "image/png"), Map.entry("jpg", "image/jpeg"), Map.entry("jpeg", "image/jpeg"),
        Map.entry("gif", "image/gif"), Map.entry("webp", "image/webp"), Map.entry("ico", "image/x-icon"), Map.entry("woff", "font/woff"),
        Map.entry("woff2", "font/woff2"));

    private final String prefix;
    private final StaticFiles files;
    private final Optional<Right> right;

    FileResource(String prefix, StaticFiles files) {
        this.prefix = prefix;
        this.files = files;
        this.right = files.right();
    }

    @Override
    public String template() {
        return prefix;
    }

    @Override
    public Optional<Right> right() {
        return right;
    }

    @Override
    public Reply handle(Request request) {
        String rest = request.variables().get(REST);
        if (rest == null) {
            return Reply.empty(308).with("Location", prefix);
        }
        String path = rest.isEmpty() || rest.endsWith("/") ? rest + INDEX : rest;
        Optional<String> type = Optional.ofNullable(TYPES.get(ending(path)));
        if (path.length() > MAX_PATH || !PATH.matcher(path).matches() || type.isEmpty()) {
            throw missing();
        }
        byte[] bytes = read(path);
        String tag = tag(bytes);
        Reply reply = request.sender().ifNoneMatch().contains(tag) ? Reply.empty(304) : Reply.of(200, type.get(), bytes);
        // A browser may keep it, but asks each time whether it still holds: another version of the bundle may give others.
        return reply.with("Cache-Control", "no-cache").with("ETag", tag)
            .with("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'").with("Referrer-Policy", "no-referrer");
    }

    private static String ending(String path) {
        return path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private byte[] read(String path) {
        try (InputStream in = files.open(path).orElseThrow(FileResource::missing)) {
            byte[] bytes = in.readNBytes(StaticFiles.MAX_BYTES + 1);
            if (bytes.length > StaticFiles.MAX_BYTES) {
                throw new IllegalStateException("the file " + path + " has more than " + StaticFiles.MAX_BYTES + " bytes");
            }
            return bytes;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String tag(byte[] bytes) {
        try {
            return '"' + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16) + '"';
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new AssertionError(everyJdkHasIt);
        }
    }

    private static RefusedException missing() {
        return new RefusedException(404, ProblemCode.NOT_FOUND.code(), "", "There is no such file.");
    }
}
