// SPDX-License-Identifier: Apache-2.0
/** Rule source: one TOML file. The parser is pure and runs without the framework; two components carry its result into the node. */
@NullMarked
package io.portunus.rules.file;

import org.jspecify.annotations.NullMarked;
