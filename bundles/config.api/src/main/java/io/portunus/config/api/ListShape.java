// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

/**
 * What an array of texts must look like. Immutable.
 *
 * @param least fewest elements
 * @param most most elements
 * @param example how one is written, {@code "[\"10.0.0.0/8\"]"}
 */
public record ListShape(int least, int most, String example) {
}
