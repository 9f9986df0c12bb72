// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.util.List;
import java.util.Optional;

/**
 * What an upgrade of a bundle would touch.
 *
 * @param bundle symbolic name
 * @param version version that serves now
 * @param live whether it can be replaced while the node forwards
 * @param restarts symbolic names of the bundles that would have to be restarted with it: those wired to what it exports
 * @param flows flows that hold it now; they stay on it
 * @param rollsBackTo version to which a roll-back would go; empty if there is none
 * @param verdict one sentence for people
 * @param remarks what else is to be known beforehand, a sentence each: that an upgrade would be refused, which versions are passed over
 */
public record Impact(String bundle, String version, boolean live, List<String> restarts, long flows, Optional<String> rollsBackTo, String verdict,
        List<String> remarks) {
    /** Copies the lists. */
    public Impact {
        restarts = List.copyOf(restarts);
        remarks = List.copyOf(remarks);
    }
}
