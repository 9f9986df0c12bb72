// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.node.api.BundleGuard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xnio.Xnio;

@Timeout(30)
class SurfaceSelfCheckTest {
    @Test
    void findsNothingWrongWithThisVersionTwice() {
        SurfaceSelfCheck check = new SurfaceSelfCheck(Xnio.getInstance(), new BundleGuard(System::nanoTime, account -> { }));

        assertThat(check.run()).isEmpty();
        assertThat(check.run()).isEmpty();
    }
}
