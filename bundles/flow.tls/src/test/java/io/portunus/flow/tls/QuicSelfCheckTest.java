// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.itest.contracts.DatagramInspectorContract;

class QuicSelfCheckTest extends DatagramInspectorContract {
    QuicSelfCheckTest() {
        super(new QuicInspector(), new TlsSelfCheck(), SampleInitials.ALL);
    }
}
