// SPDX-License-Identifier: Apache-2.0
/** Resolves host names and remembers the answers. One thread asks and decides; answers in memory are read by any thread. */
@NullMarked
package io.portunus.flow.dns;

import org.jspecify.annotations.NullMarked;
