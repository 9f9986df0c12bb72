// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.api;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a resource answers: a status, further header fields, and a whole body. Only the surface looks into it, so an answer that is made
 * while it is sent can become one more factory here. The surface itself sees to the length, the connection, {@code nosniff} and, unless the
 * reply has another, {@code Cache-Control: no-store}. Immutable.
 */
@ProviderType
public final class Reply {
    /** Most header fields of its own. */
    public static final int MAX_FIELDS = 16;

    private static final int LEAST_STATUS = 200;
    private static final int MOST_STATUS = 599;
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,63}");
    private static final Pattern VALUE = Pattern.compile("[ -~\\t]{0,4096}");
    /** The headers that the surface writes itself. */
    private static final Set<String> ITS_OWN = Set.of("connection", "content-length", "content-type", "date", "transfer-encoding",
        "x-content-type-options");

    private final int status;
    private final String contentType;
    private final byte[] body;
    private final Map<String, String> headers;

    private Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
        if (status < LEAST_STATUS || status > MOST_STATUS || !VALUE.matcher(contentType).matches()) {
            throw new IllegalArgumentException("a status is 200 to 599 and a content type one line: " + status + " " + contentType);
        }
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.headers = headers;
    }

    /** Nothing to say, and that is good (204). */
    public static Reply noContent() {
        return empty(204);
    }

    /** A status without a body, as 304. */
    public static Reply empty(int status) {
        return new Reply(status, "", new byte[0], Map.of());
    }

    /**
     * A text, in UTF-8.
     *
     * @param contentType media type, with its charset if it needs one
     */
    public static Reply of(int status, String contentType, String body) {
        return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Bytes.
     *
     * @param contentType media type
     * @param body belongs to the reply from now on
     */
    public static Reply of(int status, String contentType, byte[] body) {
        if (contentType.isEmpty()) {
            throw new IllegalArgumentException("a body has a content type");
        }
        return new Reply(status, contentType, body, Map.of());
    }

    /**
     * The same reply with one more header field.
     *
     * @throws IllegalArgumentException if it is malformed, the surface's own, or one too many
     */
    public Reply with(String name, String value) {
        boolean fit = NAME.matcher(name).matches() && VALUE.matcher(value).matches() && headers.size() < MAX_FIELDS;
        if (!fit || ITS_OWN.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("no header field of a reply: " + name);
        }
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new Reply(status, contentType, body, Map.copyOf(more));
    }

    /** Status code. */
    public int status() {
        return status;
    }

    /** Media type; empty when there is no body. */
    public Optional<String> contentType() {
        return Optional.of(contentType).filter(type -> !type.isEmpty());
    }

    /** Further header fields. */
    public Map<String, String> headers() {
        return headers;
    }

    /** The body, which the caller does not change. */
    public byte[] body() {
        return body;
    }

    @Override
    public String toString() {
        return status + " " + contentType + " " + body.length + " bytes";
    }
}
