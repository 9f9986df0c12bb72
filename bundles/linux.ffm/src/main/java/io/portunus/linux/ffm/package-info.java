// SPDX-License-Identifier: Apache-2.0
/** What the kernel does better than a copy through the process. What is opened for a loop is confined to it. */
@NullMarked
package io.portunus.linux.ffm;

import org.jspecify.annotations.NullMarked;
