// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.util.Optional;

/**
 * What a handshake settled.
 *
 * @param protocol what is spoken below, as records may name it, {@code "TLSv1.3"}; at most 64 characters of ASCII, none of the peer's
 * @param application the application protocol that both sides agreed on (ALPN, RFC 7301); empty when they did on none
 */
public record LayerFacts(String protocol, Optional<String> application) {
}
