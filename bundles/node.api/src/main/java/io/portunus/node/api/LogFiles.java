// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import org.osgi.annotation.versioning.ProviderType;

/** Files that a component writes to for as long as it runs. Thread-safe. */
@ProviderType
public interface LogFiles {
    /**
     * Lets go of them and opens them again by their names: somebody may have put them aside. Asked on SIGHUP and on every other reload,
     * whatever becomes of it; it does not wait until it is done.
     */
    void reopen();
}
