// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import io.portunus.model.PolicySettings;
import io.portunus.model.Protocol;
import io.portunus.model.Rule;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A flow that has a route and asks to go on.
 *
 * @param flow its number
 * @param rule the rule that takes it, as it is in force, with its owner and labels
 * @param protocol that it comes by; the rule may have both
 * @param client where it comes from: as a PROXY header declared, or else the other end of the socket
 * @param open whether it is open already, and is offered ({@link Policy#adopts}): then it opens no new connection
 * @param loop the loop that it lives on
 * @param cells cells of the policy
 * @param end ends the flow, callable from any thread for as long as the policy has a lease of it: both sides are reset, soon, and its record has the
 *     reason; once it has ended nothing follows
 */
public record AdmissionRequest(long flow, Rule rule, Protocol protocol, InetAddress client, boolean open, EventLoop loop,
        SharedCells cells, Consumer<CloseReason> end) {
    /** What the rule sets for a policy; empty where it does not name it. */
    public Optional<PolicySettings> settings(String kind) {
        return Optional.ofNullable(rule.governance().policies().get(kind));
    }
}
