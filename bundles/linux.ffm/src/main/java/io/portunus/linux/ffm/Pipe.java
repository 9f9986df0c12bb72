// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

/**
 * A pipe of the kernel's, pipe(7).
 *
 * @param readEnd descriptor bytes come out of
 * @param writeEnd descriptor bytes go into
 * @param capacity bytes it holds at most
 */
record Pipe(int readEnd, int writeEnd, int capacity) {
}
