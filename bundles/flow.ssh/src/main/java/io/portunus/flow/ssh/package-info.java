// SPDX-License-Identifier: Apache-2.0
/** Reads the identification line of SSH without consuming it. An inspection is confined to the event loop of its connection. */
@NullMarked
package io.portunus.flow.ssh;

import org.jspecify.annotations.NullMarked;
