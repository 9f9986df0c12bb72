// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.contracts.InspectorContract;
import org.junit.jupiter.api.Test;

class HttpSelfCheckTest extends InspectorContract {
    HttpSelfCheckTest() {
        super(new HttpInspector(), new HttpSelfCheck(), HttpSelfCheck.SAMPLES);
    }

    @Test
    void isOfItsKind() {
        assertThat(new HttpInspector().kind()).isEqualTo("http");
    }
}
