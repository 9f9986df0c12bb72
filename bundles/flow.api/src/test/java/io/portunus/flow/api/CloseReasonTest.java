// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portunus.model.Decision.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseReasonTest {
    private static CloseReason reason(String code) {
        return new CloseReason(code, CloseReason.Side.SELF, "A sentence.");
    }

    @Test
    void reasonsOfOneCodeAreEqualWhoeverMadeThem() {
        assertThat(reason("killed")).isEqualTo(CloseReason.KILLED).hasSameHashCodeAs(CloseReason.KILLED);
        assertThat(reason("acme.too_fast")).isNotEqualTo(CloseReason.KILLED).hasToString("acme.too_fast");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Too_fast", "too fast", "acme.", ".acme", "1_a", "a\"b", "a\nb",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void codeThatWouldBreakASurfaceIsRefused(String code) {
        assertThatIllegalArgumentException().isThrownBy(() -> reason(code));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "no full stop"})
    void reasonHasASentence(String sentence) {
        assertThatIllegalArgumentException().isThrownBy(() -> new CloseReason("acme.a", CloseReason.Side.SELF, sentence));
    }

    @Test
    void everyRefusalOfRoutingHasAConstantOfItsCode() {
        assertThat(List.of(Refusal.NO_MATCHING_NAME, Refusal.NO_NAME, Refusal.NOT_TLS, Refusal.NOT_RECOGNISED, Refusal.SOURCE_DENIED,
            Refusal.NO_HANDLER)).extracting(CloseReason::of).containsExactly(CloseReason.NO_MATCHING_NAME, CloseReason.NO_NAME,
            CloseReason.NOT_TLS, CloseReason.NOT_RECOGNISED, CloseReason.SOURCE_DENIED, CloseReason.NO_HANDLER)
            .allMatch(CloseReason.known()::contains);
    }

    @Test
    void otherRefusalKeepsItsCode() {
        assertThat(CloseReason.of(new Refusal("acme.elsewhere", "it goes elsewhere"))).isEqualTo(reason("acme.elsewhere"));
    }
}
