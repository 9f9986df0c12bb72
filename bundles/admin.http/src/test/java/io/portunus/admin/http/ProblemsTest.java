// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.admin.api.RefusedException;
import io.portunus.model.Problem.Position;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ProblemsTest {
    @ParameterizedTest
    @ValueSource(strings = {"plain", "\"quoted\" and \\", "\n\t\u0000\u001f\u007f", "\u00fc\u20ac", "\ud83d\ude00", "</script>", ""})
    void areJsonWhateverIsInThem(String text) {
        String body = new String(Problems.reply(new RefusedException(400, "code", text, text)).body(), UTF_8);

        var error = new JsonMapper().readTree(body).get("error");
        assertThat(error.get("message").asString()).isEqualTo(text);
        assertThat(error.path("path").asString("")).isEqualTo(text);
        assertThat(error.has("path")).isEqualTo(!text.isEmpty());
    }

    @Test
    void stateThePositionInABody() {
        RefusedException refused = RefusedException.body("syntax", Optional.of(new Position(3, 7)), "No JSON.");

        assertThat(new String(Problems.reply(refused).body(), UTF_8))
            .isEqualTo("{\"error\":{\"code\":\"syntax\",\"message\":\"No JSON.\",\"position\":{\"line\":3,\"column\":7}}}");
    }
}
