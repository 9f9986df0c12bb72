// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import org.osgi.annotation.versioning.ProviderType;

/** A cell as somebody holds it. Thread-safe. */
@ProviderType
public interface SharedCell {
    /** Its numbers, {@link SharedCells#VALUES} of them; what each means is the policy's, and all its versions have to agree on it. */
    AtomicLongArray values();

    /**
     * Lets it go; a second call does nothing. When nobody holds it any more it is kept for the longest time that anybody said, and is then
     * forgotten.
     *
     * @param keep for how long its numbers still mean something, {@link Duration#ZERO} for not at all
     */
    void release(Duration keep);
}
