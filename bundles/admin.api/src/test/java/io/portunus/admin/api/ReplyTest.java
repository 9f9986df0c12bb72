// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTest {
    @Test
    void takesHeaderFieldsOfItsOwn() {
        Reply reply = Reply.of(200, "text/plain", "x").with("Portunus-Revision", "r1").with("Cache-Control", "no-cache");

        assertThat(reply.headers()).isEqualTo(Map.of("Portunus-Revision", "r1", "Cache-Control", "no-cache"));
        assertThat(Reply.noContent().contentType()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "content-type", "Connection", "Transfer-Encoding", "X-Content-Type-Options", "", "A B", "A:"})
    void leavesToTheSurfaceWhatIsTheSurfaces(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Reply.noContent().with(name, "x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nSet-Cookie: b", "a\nb", "\0", "\u00fc"})
    void takesNoValueThatLeavesItsLine(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> Reply.noContent().with("X-A", value));
    }

    @ParameterizedTest
    @CsvSource({"100, text/plain", "600, text/plain", "200, ''"})
    void isAnAnswer(int status, String type) {
        assertThatIllegalArgumentException().isThrownBy(() -> Reply.of(status, type, "x"));
    }
}
