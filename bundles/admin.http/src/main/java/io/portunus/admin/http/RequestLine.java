// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.RefusedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request line that the surface takes, RFC 9112 §3.
 *
 * @param method its method
 * @param authority host and port of a target in absolute form; else empty
 * @param path its path with the query, or {@code *}
 * @param minor minor version of HTTP/1
 */
record RequestLine(String method, String authority, String path, int minor) {
    private static final int MAX_METHOD = 32;
    private static final Pattern VERSION = Pattern.compile("HTTP/([0-9])\\.([0-9])");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i:https?)://([^/?]+)([/?].*)?");

    static RequestLine parse(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 3 || !RequestHead.isToken(words[0]) || words[0].length() > MAX_METHOD) {
            throw RequestHead.malformed("The first line of a request is 'METHOD /path HTTP/1.1', with one blank between the words.");
        }
        int minor = minor(words[2]);
        return of(words[0], words[1], minor);
    }

    /** The same line without the authority. */
    String inOriginForm() {
        return method + " " + path + " HTTP/1." + minor;
    }

    private static int minor(String version) {
        Matcher form = VERSION.matcher(version);
        if (!form.matches()) {
            throw RequestHead.malformed("The first line of a request ends with the version, 'HTTP/1.1'.");
        }
        int minor = Integer.parseInt(form.group(2));
        if (!form.group(1).equals("1") || minor > 1) {
            throw new RefusedException(505, "http_version_not_supported", "", "The surface speaks HTTP/1.1 and HTTP/1.0, not " + version + ".");
        }
        return minor;
    }

    private static RequestLine of(String method, String target, int minor) {
        checkCharacters(target);
        checkEscapes(target);
        if (target.equals("*") && method.equals("OPTIONS") || target.startsWith("/")) {
            return new RequestLine(method, "", target, minor);
        }
        Matcher absolute = ABSOLUTE.matcher(target);
        if (!absolute.matches() || absolute.group(1).indexOf('@') >= 0) {
            throw RequestHead.malformed("A request names a path that begins with '/'.");
        }
        String path = Objects.requireNonNullElse(absolute.group(2), "");
        return new RequestLine(method, absolute.group(1), path.startsWith("/") ? path : "/" + path, minor);
    }

    private static void checkCharacters(String target) {
        if (target.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == '#' || c == '\\')) {
            throw RequestHead.malformed("A path has printable ASCII characters only; escape others as UTF-8 with '%'.");
        }
        int query = target.indexOf('?');
        if (query >= 0 && target.substring(query).chars().filter(c -> c == '&').count() >= AdminServer.MAX_PARAMETERS) {
            throw new RefusedException(400, "too_many_parameters", "", "A request has at most " + AdminServer.MAX_PARAMETERS + " parameters.");
        }
    }

    /** An escape encodes a character in UTF-8, and in a path none that would part it or end a text. */
    private static void checkEscapes(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        String decoded = decoded(path);
        if (count(decoded, '/') != count(path, '/') || decoded.indexOf('\\') >= 0 || decoded.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw RequestHead.malformed("A path has no escaped '/', no '\\' and no control character.");
        }
        if (query >= 0 && decoded(target.substring(query)).indexOf('\0') >= 0) {
            throw RequestHead.malformed("A parameter has no NUL.");
        }
    }

    private static long count(String text, char wanted) {
        return text.chars().filter(c -> c == wanted).count();
    }

    private static String decoded(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                bytes.put((byte) c);
                continue;
            }
            int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                throw RequestHead.malformed("A '%' is followed by two hexadecimal digits.");
            }
            bytes.put((byte) (16 * high + low));
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException notUtf8) {
            throw RequestHead.malformed("What is escaped with '%' is UTF-8.");
        }
    }
}
