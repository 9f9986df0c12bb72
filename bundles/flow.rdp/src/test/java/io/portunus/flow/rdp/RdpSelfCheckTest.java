// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.rdp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.contracts.InspectorContract;
import org.junit.jupiter.api.Test;

class RdpSelfCheckTest extends InspectorContract {
    RdpSelfCheckTest() {
        super(new RdpInspector(), new RdpSelfCheck(), RdpSelfCheck.SAMPLES);
    }

    @Test
    void isOfItsKind() {
        assertThat(new RdpInspector().kind()).isEqualTo("rdp");
    }
}
