// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocketAddressesTest {
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:443", "0.0.0.0:0", "[2001:db8::1]:65535"})
    void readsWhatItShows(String text) {
        assertThat(SocketAddresses.parse(text).map(SocketAddresses::text)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", ":80", "80", "192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:-1", "192.0.2.1:٣", "::1:80", "[::1]",
        "[192.0.2.1]:80", "[[::1]]:80", "localhost:80"})
    void readsNothingElse(String text) {
        assertThat(SocketAddresses.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2001:db8:0:0:0:0:2:1,2001:db8::2:1", "2001:db8:0:1:1:1:1:1,2001:db8:0:1:1:1:1:1", "2001:0:0:1:0:0:0:1,2001:0:0:1::1",
        "2001:DB8:0:0:1:0:0:1,2001:db8::1:0:0:1", "0:0:0:0:0:0:0:0,::", "0:0:0:0:0:0:0:1,::1", "1:0:0:0:0:0:0:0,1::", "fe80::1%1,fe80::1%1",
        "192.0.2.1,192.0.2.1"})
    void writesAddressesAsRfc5952Recommends(String given, String written) {
        assertThat(IpLiterals.parse(given).map(IpLiterals::text)).contains(written);
    }
}
