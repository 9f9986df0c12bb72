// SPDX-License-Identifier: Apache-2.0
/** The engine: tables in force, live flows, ceilings and counters. It carries no bytes; handlers do. */
@NullMarked
package io.portunus.flow.engine;

import org.jspecify.annotations.NullMarked;
