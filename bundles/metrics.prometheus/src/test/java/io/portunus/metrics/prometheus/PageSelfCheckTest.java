// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageSelfCheckTest {
    @Test
    void findsNothingWrongWithThisVersion() {
        assertThat(new PageSelfCheck().run()).isEmpty();
    }
}
