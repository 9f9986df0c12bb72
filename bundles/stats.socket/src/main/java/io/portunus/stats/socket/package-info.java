// SPDX-License-Identifier: Apache-2.0
/** Reports to programs of this machine what the node forwards, over a Unix socket. Each type states who may call it. */
@NullMarked
package io.portunus.stats.socket;

import org.jspecify.annotations.NullMarked;
