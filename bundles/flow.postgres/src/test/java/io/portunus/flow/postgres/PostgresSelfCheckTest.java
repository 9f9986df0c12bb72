// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.contracts.InspectorContract;
import org.junit.jupiter.api.Test;

class PostgresSelfCheckTest extends InspectorContract {
    PostgresSelfCheckTest() {
        super(new PostgresInspector(), new PostgresSelfCheck(), PostgresSelfCheck.SAMPLES);
    }

    @Test
    void isOfItsKind() {
        assertThat(new PostgresInspector().kind()).isEqualTo("postgres");
    }
}
