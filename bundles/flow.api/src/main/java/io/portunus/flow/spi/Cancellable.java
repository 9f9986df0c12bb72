// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

/** Something under way that can be called off. */
@FunctionalInterface
public interface Cancellable {
    /** Calls it off; does nothing if it is over. Safe to call twice. */
    void cancel();
}
