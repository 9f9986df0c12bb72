// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.io.IOException;

/** An address could not be listened on, for the cause that {@link #failure} returns. */
public final class ListenException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient ListenFailure failure;

    /** With what it comes to. */
    public ListenException(ListenFailure failure) {
        super(failure.text());
        this.failure = failure;
    }

    /** What it comes to. */
    public ListenFailure failure() {
        return failure;
    }
}
