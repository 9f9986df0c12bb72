// SPDX-License-Identifier: Apache-2.0
/** Sessions of UDP from their first datagram to their end. Each is confined to one event loop. */
@NullMarked
package io.portunus.flow.udp;

import org.jspecify.annotations.NullMarked;
