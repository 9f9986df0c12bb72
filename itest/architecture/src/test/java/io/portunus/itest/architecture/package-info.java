// SPDX-License-Identifier: Apache-2.0
/** Compares what was built with what house.md states of it. */
@NullMarked
package io.portunus.itest.architecture;

import org.jspecify.annotations.NullMarked;
