// SPDX-License-Identifier: Apache-2.0
/** Puts rule sets in force: checks, compiles, applies, and reports what became of each rule. */
@NullMarked
package io.portunus.rules.core;

import org.jspecify.annotations.NullMarked;
