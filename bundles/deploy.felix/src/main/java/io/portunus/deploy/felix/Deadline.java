// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import org.osgi.framework.BundleException;

/** What came of calls of other bundles, which the {@link io.portunus.node.api.BundleGuard} makes with a deadline. Stateless. */
final class Deadline {
    private Deadline() {
    }

    /** What to report of a fault: the message of the innermost cause, as other bundles wrap theirs. */
    static String rootCause(Throwable fault) {
        Throwable cause = fault;
        for (int depth = 0; depth < 16 && cause.getCause() != null; depth++) {
            cause = cause.getCause();
        }
        return cause instanceof BundleException ? String.valueOf(cause.getMessage()) : cause.toString();
    }
}
