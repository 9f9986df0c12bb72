// SPDX-License-Identifier: Apache-2.0
/** TCP flows from accept to close. Each flow is confined to one event loop. */
@NullMarked
package io.portunus.flow.tcp;

import org.jspecify.annotations.NullMarked;
