// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.net.InetSocketAddress;

/**
 * Both ends of a client's connection; IPv4-mapped addresses are folded to IPv4.
 *
 * @param client where it comes from
 * @param local where it went to
 */
public record Addresses(InetSocketAddress client, InetSocketAddress local) {
}
