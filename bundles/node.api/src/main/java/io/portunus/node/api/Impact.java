// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.util.List;

/**
 * What an upgrade of a bundle would touch.
 *
 * @param bundle symbolic name
 * @param version version that serves now
 * @param live whether it can be replaced while the node forwards
 * @param restarts symbolic names of the bundles that would have to be restarted with it: those wired to what it exports
 * @param flows flows that hold it now; they stay on it
 * @param verdict one sentence for people
 */
public record Impact(String bundle, String version, boolean live, List<String> restarts, long flows, String verdict) {
    /** Copies the list. */
    public Impact {
        restarts = List.copyOf(restarts);
    }
}
