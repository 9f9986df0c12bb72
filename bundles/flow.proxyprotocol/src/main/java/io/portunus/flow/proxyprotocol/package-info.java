// SPDX-License-Identifier: Apache-2.0
/** Writes and reads the headers of the PROXY protocol. Nothing here keeps state; a filtering is confined to the event loop of its connection. */
@NullMarked
package io.portunus.flow.proxyprotocol;

import org.jspecify.annotations.NullMarked;
