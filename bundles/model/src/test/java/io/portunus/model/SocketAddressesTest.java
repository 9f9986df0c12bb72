// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketAddressesTest {
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:443", "0.0.0.0:0", "[2001:db8:0:0:0:0:0:1]:65535"})
    void readsWhatItShows(String text) {
        assertThat(SocketAddresses.parse(text).map(SocketAddresses::text)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", ":80", "80", "192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:-1", "192.0.2.1:٣", "::1:80", "[::1]",
        "[192.0.2.1]:80", "[[::1]]:80", "localhost:80"})
    void readsNothingElse(String text) {
        assertThat(SocketAddresses.parse(text)).isEmpty();
    }
}
