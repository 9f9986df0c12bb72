// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DoorSelfCheckTest {
    @Test
    void findsNothingWrongWithThisVersionTwice() {
        DoorSelfCheck check = new DoorSelfCheck(new CommandProcessorImpl(new ThreadIOImpl()));

        assertThat(check.run()).isEmpty();
        assertThat(check.run()).isEmpty();
    }
}
