// SPDX-License-Identifier: Apache-2.0
/** {@code portunus-standalone stats}: reads the statistics socket and shows it. Only {@code TerminalView} and what it owns need JLine. */
@NullMarked
package io.portunus.stats.view;

import org.jspecify.annotations.NullMarked;
