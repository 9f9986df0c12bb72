// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

/** Without a path for bulk. */
class CopyPumpTest extends PumpContract {
    @Override
    Pump.Lanes lanes() {
        return (from, to) -> Optional.empty();
    }

    @Override
    void wentItsWay() {
        assertThat(path.opened).isZero();
    }
}
