// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.api;

import io.portunus.model.Problem.Position;
import java.io.Serial;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request that is answered with a problem instead of what it asked for. The surface writes it in its one form of all problems; the
 * message is the sentence. It has no stack trace: it is an answer, and peers can cause as many as they like.
 */
public final class RefusedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;
    /** Never serialized: it does not leave the node. */
    private final transient Details details;

    private record Details(String code, String path, Optional<Position> position, Map<String, String> headers) {
    }

    /**
     * A refusal.
     *
     * @param status status of the response, 400 to 599
     * @param code stable code, as {@code not_found}
     * @param path the parameter or field to blame, or empty
     * @param sentence what is wrong and what to do; no secret, no trace
     */
    public RefusedException(int status, String code, String path, String sentence) {
        this(status, sentence, new Details(code, path, Optional.empty(), Map.of()));
    }

    private RefusedException(int status, String sentence, Details details) {
        super(sentence, null, false, false);
        this.status = status;
        this.details = details;
    }

    /** A parameter or a field that is wrong (400). */
    public static RefusedException parameter(String code, String name, String sentence) {
        return new RefusedException(400, code, name, sentence);
    }

    /** A body that cannot be read, from a place on if that is known (400). */
    public static RefusedException body(String code, Optional<Position> place, String sentence) {
        return new RefusedException(400, sentence, new Details(code, "", place, Map.of()));
    }

    /** The same refusal with one more header field. */
    public RefusedException with(String name, String value) {
        Map<String, String> more = new TreeMap<>(details.headers());
        more.put(name, value);
        return new RefusedException(status, sentence(), new Details(details.code(), details.path(), details.position(), Map.copyOf(more)));
    }

    /** Status of the response. */
    public int status() {
        return status;
    }

    /** Stable code. */
    public String code() {
        return details.code();
    }

    /** The parameter or field to blame; empty if it is none. */
    public String path() {
        return details.path();
    }

    /** What is wrong and what to do. */
    public String sentence() {
        return String.valueOf(getMessage());
    }

    /** Where in the body it is. */
    public Optional<Position> position() {
        return details.position();
    }

    /** Further header fields of the response. */
    public Map<String, String> headers() {
        return details.headers();
    }
}
