// SPDX-License-Identifier: Apache-2.0
/** The node's own resources on the admin surface. They run on the surface's threads; what they change, on threads of their own. */
@NullMarked
package io.portunus.admin.node;

import org.jspecify.annotations.NullMarked;
