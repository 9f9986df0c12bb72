// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.contracts.InspectorContract;
import org.junit.jupiter.api.Test;

class SshSelfCheckTest extends InspectorContract {
    SshSelfCheckTest() {
        super(new SshInspector(), new SshSelfCheck(), SshSelfCheck.SAMPLES);
    }

    @Test
    void isOfItsKind() {
        assertThat(new SshInspector().kind()).isEqualTo("ssh");
    }
}
