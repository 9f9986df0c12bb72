// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.Rule;
import java.util.List;

/**
 * A policy is asked what it limits now.
 *
 * @param rules those in force that name it, in their order
 * @param cells cells of the policy; whoever holds one to read it lets it go before it answers
 */
public record LimitsRequest(List<Rule> rules, SharedCells cells) {
    /** Copies the list. */
    public LimitsRequest {
        rules = List.copyOf(rules);
    }
}
