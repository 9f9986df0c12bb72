// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class OwnFamilyTest {
    private static final InetAddress FOUR = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress SIX = InetAddress.ofLiteral("2001:db8::1");

    private static OwnFamily of(String address, boolean dualStack) {
        return new OwnFamily(InetAddress.ofLiteral(address), dualStack);
    }

    @Test
    void wildcardTakesItsOwnFamilyUnlessBothAreAskedFor() {
        assertThat(of("0.0.0.0", false).takes(FOUR)).isTrue();
        assertThat(of("0.0.0.0", false).takes(SIX)).isFalse();
        assertThat(of("::", false).takes(SIX)).isTrue();
        assertThat(of("::", false).takes(FOUR)).isFalse();
        assertThat(of("::", true).takes(FOUR)).isTrue();
        assertThat(of("127.0.0.1", false).takes(FOUR)).isTrue();
    }
}
