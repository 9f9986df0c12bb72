// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import java.util.List;

/**
 * Where a flow of a rule would go at one moment.
 *
 * @param targets the targets that it may get, with the port of its listener: one where the rule's order or the client's address decides, else
 *        all that have a share; empty when there is none for it
 * @param lastResort whether they have failed, and are tried because none has not
 */
public record TargetOutlook(List<String> targets, boolean lastResort) {
    /** Of a rule of which nothing is known. */
    public static final TargetOutlook NONE = new TargetOutlook(List.of(), false);

    /** Copies the list. */
    public TargetOutlook {
        targets = List.copyOf(targets);
    }
}
