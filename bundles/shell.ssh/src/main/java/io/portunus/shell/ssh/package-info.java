// SPDX-License-Identifier: Apache-2.0
/**
 * The commands of the scope {@code portunus} over SSH, for whose key is in a file. Its threads are its own: whatever a client does here, no
 * connection that is forwarded waits for it.
 */
@NullMarked
package io.portunus.shell.ssh;

import org.jspecify.annotations.NullMarked;
