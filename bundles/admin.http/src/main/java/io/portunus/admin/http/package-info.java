// SPDX-License-Identifier: Apache-2.0
/** The node's surface over HTTP. Resources run on threads of their own, everything before them on the surface's one I/O thread. */
@NullMarked
package io.portunus.admin.http;

import org.jspecify.annotations.NullMarked;
