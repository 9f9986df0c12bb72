// SPDX-License-Identifier: Apache-2.0
/**
 * Log lines, access records, and log levels at run time. Lines are made on the thread that logs and written by one thread; no caller ever
 * waits for a disk or a terminal.
 */
@NullMarked
package io.portunus.logging.json;

import org.jspecify.annotations.NullMarked;
