// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import io.portunus.model.Cidr;
import java.util.Optional;

/**
 * Keeps some new flows on a version of a bundle, while it runs. Exactly one of rule and source is there. A handler is chosen before a rule
 * is, so the pin of a rule holds for every connection of its ports.
 *
 * @param rule name of the rule whose ports are pinned
 * @param source block of client addresses that is pinned
 * @param bundle symbolic name of the bundle
 * @param version its version
 */
public record VersionPin(Optional<String> rule, Optional<Cidr> source, String bundle, String version) {
    /**
     * Checks that there is one subject.
     *
     * @throws IllegalArgumentException if there is none, or both
     */
    public VersionPin {
        if (rule.isPresent() == source.isPresent()) {
            throw new IllegalArgumentException("a pin is of a rule or of a source");
        }
    }

    /** What is pinned, {@code "rule web"} or {@code "source 192.0.2.0/24"}. */
    public String subject() {
        return rule.map(name -> "rule " + name).orElseGet(() -> "source " + source.orElseThrow());
    }
}
