// SPDX-License-Identifier: Apache-2.0
/** Reads the X.224 connection request of RDP without consuming it. An inspection is confined to the event loop of its connection. */
@NullMarked
package io.portunus.flow.rdp;

import org.jspecify.annotations.NullMarked;
