// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.PolicySettings;
import io.portunus.model.Rule;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A flow that has a route and asks to go on.
 *
 * @param flow its number
 * @param rule the rule that takes it, with its owner and labels
 * @param client where it comes from: as a PROXY header declared, or else the other end of the socket
 * @param loop the loop that it lives on
 * @param cells cells of the policy
 */
public record AdmissionRequest(long flow, Rule rule, InetAddress client, EventLoop loop, SharedCells cells) {
    /** What the rule sets for a policy; empty where it does not name it. */
    public Optional<PolicySettings> settings(String kind) {
        return Optional.ofNullable(rule.governance().policies().get(kind));
    }
}
