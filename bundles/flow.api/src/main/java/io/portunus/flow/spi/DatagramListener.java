// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import io.portunus.model.Listener;
import io.portunus.model.Route;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** A socket that clients send datagrams to, one of those that a listener has on each loop. Confined to its loop. */
@ProviderType
public interface DatagramListener {
    /** The loop that its sessions live on. */
    EventLoop loop();

    /** The routes in force. */
    Listener routes();

    /**
     * Begins a session with the client of an entry, by a rule that was chosen for it. The engine has asked the policies that are there when this
     * returns one, but for those that are asked by {@link FlowServices#admit}.
     *
     * @return empty when the rule has as many sessions as it may have, the node has no room, or a policy refuses; that has been counted
     */
    Optional<DatagramFlow> begin(DatagramBatch batch, int entry, Route route, DatagramSession session);

    /** Datagrams were dropped that no session is for. Costs a counter, and leaves no record: such datagrams cost who sends them nothing. */
    void refused(CloseReason reason, int datagrams);
}
