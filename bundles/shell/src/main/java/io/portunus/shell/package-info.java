// SPDX-License-Identifier: Apache-2.0
/**
 * Gogo commands of the scope {@code portunus}. Texts are made by plain classes from what the services answer; every cell that a peer or a
 * file can fill is printed with its control characters escaped. Every type is safe for use by any thread.
 */
@NullMarked
package io.portunus.shell;

import org.jspecify.annotations.NullMarked;
