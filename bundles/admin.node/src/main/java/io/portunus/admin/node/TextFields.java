// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.RefusedException;
import io.portunus.model.Problem.Position;
import io.portunus.model.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A body that is one JSON object of texts. Immutable.
 *
 * @param values the texts by their names, of which none is unknown
 */
record TextFields(Map<String, String> values) {
    /** Largest body of this form. */
    static final long MAX_BYTES = 4 * 1024;

    private static final JsonMapper MAPPER = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    TextFields {
        values = Map.copyOf(values);
    }

    /**
     * Reads a body.
     *
     * @param names fields there may be
     * @throws RefusedException if it is anything else
     */
    static TextFields read(InputStream body, Set<String> names) {
        JsonNode tree = parse(body);
        if (!tree.isObject()) {
            throw RefusedException.parameter(ProblemCode.WRONG_TYPE.code(), "", "The body is a JSON object.");
        }
        Map<String, String> values = new HashMap<>();
        for (Map.Entry<String, JsonNode> field : tree.properties()) {
            if (!names.contains(field.getKey())) {
                throw RefusedException.parameter(ProblemCode.UNKNOWN_KEY.code(), field.getKey(), "There is no such field.");
            }
            if (!field.getValue().isString() || field.getValue().asString().isBlank()) {
                throw RefusedException.parameter(ProblemCode.WRONG_TYPE.code(), field.getKey(), "The field is a text that is not empty.");
            }
            values.put(field.getKey(), field.getValue().asString());
        }
        return new TextFields(values);
    }

    private static JsonNode parse(InputStream body) {
        try {
            return MAPPER.readTree(body.readAllBytes());
        } catch (JacksonException malformed) {
            // What is nested too deeply is found without a place.
            Optional<Position> place = Optional.ofNullable(malformed.getLocation())
                .map(at -> new Position(Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr())));
            throw RefusedException.body(ProblemCode.SYNTAX.code(), place, "The body is no JSON, or has a field twice, or is nested too deeply.");
        } catch (IOException impossible) {
            // A body's own faults are refusals.
            throw new UncheckedIOException(impossible);
        }
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** A field that must be there. */
    String needed(String name) {
        return value(name).orElseThrow(() -> RefusedException.parameter(ProblemCode.MISSING_KEY.code(), name, "The field is missing."));
    }
}
