// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portunus.admin.api.Reply;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Writes bodies: camelCase becomes snake_case here and nowhere else, and what is absent is left out. Thread-safe. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .changeDefaultPropertyInclusion(v -> v.withValueInclusion(JsonInclude.Include.NON_ABSENT)).build();

    private Json() {
    }

    static Reply reply(Object value) {
        return reply(200, value);
    }

    static Reply reply(int status, Object value) {
        return Reply.of(status, "application/json", MAPPER.writeValueAsBytes(value));
    }
}
