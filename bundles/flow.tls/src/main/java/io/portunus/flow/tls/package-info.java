// SPDX-License-Identifier: Apache-2.0
/** Reads the ClientHello of TLS and of QUIC without consuming it. An inspection is confined to the event loop of its client. */
@NullMarked
package io.portunus.flow.tls;

import org.jspecify.annotations.NullMarked;
