// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import java.util.Optional;

/**
 * A service that may come, go and be replaced. Thread-safe: one reference, swapped as a whole.
 *
 * @param <T> the service
 */
final class Part<T> {
    private final String missing;
    /** Volatile, because SCR swaps it on its threads while commands read it on theirs. */
    private volatile Optional<T> held = Optional.empty();

    /** A part that is not there yet, and the sentence that says so. */
    Part(String missing) {
        this.missing = missing;
    }

    synchronized void bind(T service) {
        held = Optional.of(service);
    }

    /** Forgets the service unless another was bound meanwhile: the new one is bound before the old one is unbound. */
    synchronized void unbind(T service) {
        if (held.isPresent() && held.get().equals(service)) {
            held = Optional.empty();
        }
    }

    Optional<T> now() {
        return held;
    }

    /** The service, or a refusal that says what is missing. */
    T needed() {
        return held.orElseThrow(() -> new CommandRefused(missing));
    }
}
