// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import java.util.Optional;

/** The time of a request: whoever is at work for it hears when it is over. Thread-safe. */
final class RequestTime {
    private Optional<Runnable> late = Optional.empty();
    private boolean over;

    /** A call begins; what is given is run if the time is over before the call is. */
    synchronized void enter(Runnable whenLate) {
        late = Optional.of(whenLate);
        if (over) {
            whenLate.run();
        }
    }

    /** The call is over. */
    synchronized void leave() {
        late = Optional.empty();
    }

    /** The time is over. */
    synchronized void end() {
        over = true;
        late.ifPresent(Runnable::run);
    }
}
