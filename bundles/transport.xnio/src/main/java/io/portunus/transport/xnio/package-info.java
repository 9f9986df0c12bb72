// SPDX-License-Identifier: Apache-2.0
/** Transport on XNIO. Streams are confined to the I/O thread they were accepted or connected on. */
@NullMarked
package io.portunus.transport.xnio;

import org.jspecify.annotations.NullMarked;
