// SPDX-License-Identifier: Apache-2.0
/** The configuration file. Reading it is pure and runs without the framework; components carry what it sets into the node, and drive its life. */
@NullMarked
package io.portunus.config.file;

import org.jspecify.annotations.NullMarked;
