// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostCheckTest {
    private final HostCheck check = new HostCheck(List.of("Edge-1.example.com", "admin.example.org."));

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.1:7080", "192.0.2.7:9", "[::1]", "[::1]:7080", "localhost", "LocalHost:7080", "localhost.",
        "edge-1.example.com", "EDGE-1.example.com:443", "edge-1.example.com.:443", "127.0.0.1:", "admin.example.org", "Admin.Example.org.:7080"})
    void acceptsAddressesLocalhostAndItsName(String header) {
        assertThat(check.accepts(header)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ":", "evil.example", "evil.example:7080", "localhost.evil.example", "127.0.0.1.evil.example", "example.com",
        "edge-1.example.com..", "::1", "[::1", "[::1]x", "[127.0.0.1]", "[localhost]", "localhost:x", "localhost:1:2", "localhost:123456",
        "user@localhost", "localhost, evil.example", "2130706433", "0x7f.0.0.1", "127.1"})
    void refusesEverythingElse(String header) {
        assertThat(check.accepts(header)).isFalse();
        assertThat(HostCheck.misdirected().status()).isEqualTo(421);
    }

    @Test
    void acceptsNoNameWhenNoneIsGiven() {
        assertThat(new HostCheck(List.of("")).accepts(".")).isFalse();
        assertThat(new HostCheck(List.of()).accepts("")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"edge:7080", "a..b", "-a", "http://edge", "*", "a b", "192.0.2.1"})
    void reportsAMalformedName(String name) {
        assertThat(new HostCheck(List.of("edge", name)).problems()).singleElement().satisfies(p -> assertThat(p.path()).isEqualTo("admin.host"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "edge", "edge-1.example.com"})
    void findsNothingWrongWithAName(String name) {
        assertThat(new HostCheck(List.of(name)).problems()).isEmpty();
    }
}
