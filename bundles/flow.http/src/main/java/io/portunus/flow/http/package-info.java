// SPDX-License-Identifier: Apache-2.0
/** Reads the head of an HTTP/1.x request without consuming it. An inspection is confined to the event loop of its connection. */
@NullMarked
package io.portunus.flow.http;

import org.jspecify.annotations.NullMarked;
