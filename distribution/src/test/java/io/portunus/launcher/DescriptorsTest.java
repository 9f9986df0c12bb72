// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DescriptorsTest {
    @Test
    void lowLimitIsToldWithWhatToDo() {
        assertThat(Descriptors.complaint(1024)).get().asString().contains("1024", "ulimit -n 65536", "LimitNOFILE");
    }

    @Test
    void highLimitIsFine() {
        assertThat(Descriptors.complaint(Descriptors.WANTED)).isEmpty();
    }
}
