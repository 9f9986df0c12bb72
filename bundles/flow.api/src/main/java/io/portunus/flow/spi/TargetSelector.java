// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.TargetOutlook;
import io.portunus.flow.api.TargetView;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Route;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Finds targets for flows: resolves their names, knows which are healthy, and picks. Of several versions one serves new flows; the others
 * go on for the selections they began. Thread-safe; what it gives to a flow is confined to the flow's loop.
 */
@ConsumerType
public interface TargetSelector extends ReasonOwner {
    /**
     * Called with the rules in force, at the beginning and after each change; {@link ForwardingTable#EMPTY} when another version serves.
     * Targets of rules that stay keep their health. It returns soon: a publish waits for it.
     */
    void applied(ForwardingTable table);

    /**
     * Begins for one flow, on its loop.
     *
     * @param request whom it is for
     * @param end ends the flow, callable from any thread: its target has failed, and the group closes connections then
     */
    TargetSelection begin(TargetRequest request, Consumer<CloseReason> end);

    /** Every target of the table that was {@link #applied} last, with its health, in the order of the rules. */
    List<TargetView> targets();

    /** Where a flow would go now; nothing is picked by asking. */
    default TargetOutlook outlook(Route route, InetAddress client) {
        return TargetOutlook.NONE;
    }

    /**
     * Stops, or goes on, giving new flows to a target; those it has it keeps. It is forgotten when the rule changes or the node restarts.
     *
     * @param rule name of the rule
     * @param target the target as the rule has it, {@code "10.0.0.1:80"}
     * @return whether there is such a target
     */
    boolean drain(String rule, String target, boolean drained);
}
