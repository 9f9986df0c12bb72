// SPDX-License-Identifier: Apache-2.0
/** The distribution between servers as users have them. */
@NullMarked
package io.portunus.itest.peers;

import org.jspecify.annotations.NullMarked;
