// SPDX-License-Identifier: Apache-2.0
/** Reads the first packet of PostgreSQL without consuming it. An inspection is confined to the event loop of its connection. */
@NullMarked
package io.portunus.flow.postgres;

import org.jspecify.annotations.NullMarked;
