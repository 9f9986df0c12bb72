// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true", "192.0.2.0/24, 192.0.3.0, false", "192.0.2.128/25, 192.0.2.127, false",
        "0.0.0.0/0, 203.0.113.9, true", "192.0.2.7, 192.0.2.7, true", "192.0.2.7, 192.0.2.8, false",
        "2001:db8::/32, 2001:db8:ffff::1, true", "2001:db8::/32, 2001:db9::1, false", "::/0, 192.0.2.1, false",
        "192.0.2.0/24, ::ffff:192.0.2.1, true"
    })
    void knowsWhatItContains(String block, String address, boolean inside) {
        assertThat(Cidr.parse(block).orElseThrow().contains(IpLiterals.parse(address).orElseThrow())).isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "192.0.2.0/33", "192.0.2.1/24", "192.0.2.0/", "192.0.2.0/-1", "host/8", "2001:db8::/129", "192.0.2/24", "[::]/0"})
    void readsNothingElse(String text) {
        assertThat(Cidr.parse(text)).isEmpty();
    }
}
