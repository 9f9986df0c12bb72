// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FormsSelfCheckTest {
    @Test
    void findsNothingWrongWithThisVersion() {
        assertThat(new FormsSelfCheck().run()).isEmpty();
    }
}
