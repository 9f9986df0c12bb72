// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.api;

/** What an {@link Authenticator} makes of a request's {@link Credentials}. */
public sealed interface Authentication {
    /** Nothing that it knows; the next authenticator is asked. */
    Authentication NO_OPINION = new NoOpinion();

    /**
     * It knows who it is, and no other is asked.
     *
     * @param principal who
     */
    record Known(Principal principal) implements Authentication {
    }

    /** See {@link #NO_OPINION}. */
    record NoOpinion() implements Authentication {
    }

    /**
     * The request is refused (401), whatever others would say: a token that was revoked, too many tries.
     *
     * @param sentence what is wrong and what to do; it is shown to whoever asks, so it names no users there are
     */
    record Refused(String sentence) implements Authentication {
    }
}
