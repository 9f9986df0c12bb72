// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LivenessTest {
    private final Liveness liveness = new Liveness();

    @Test
    void nobodyWhoAnswersHasLostNothing() {
        assertThat(liveness.lost()).isFalse();
    }

    @Test
    void whatIsLostIsLostUntilItComesBack() {
        liveness.check(Optional.of(() -> List.of(Problem.of(ProblemCode.COMPONENT_MISSING, "loop x", "as the test asks"))));
        assertThat(liveness.lost()).isTrue();

        liveness.check(Optional.of(List::of));
        assertThat(liveness.lost()).isFalse();
    }

    @Test
    void whoFailsHasStatedNothing() {
        liveness.check(Optional.of(() -> {
            throw new IllegalStateException("as the test asks");
        }));

        assertThat(liveness.lost()).isFalse();
    }
}
