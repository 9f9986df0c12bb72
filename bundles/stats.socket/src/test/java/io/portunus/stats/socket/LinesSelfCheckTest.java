// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LinesSelfCheckTest {
    @Test
    void findsNothingWrongWithThisVersion() {
        assertThat(new LinesSelfCheck().run()).isEmpty();
    }
}
