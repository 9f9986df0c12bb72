// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import io.portunus.model.Listener;
import io.portunus.model.Route;
import java.net.InetAddress;
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

    /**
     * Begins a session with the client of an entry whose rule is not known yet, because what it has sent so far does not show what it is. It
     * counts as the rule's once {@link DatagramFlow#enter} takes it, and has a place among the listener's peeks only by
     * {@link FlowServices#beginPeek}. The inspectors that look at it now stay those of this flow.
     *
     * @return empty when the node has no room, or a policy refuses; that has been counted
     */
    Optional<DatagramFlow> begin(DatagramBatch batch, int entry, DatagramSession session);

    /**
     * Begins to look at what a client sends first, by the inspector that serves it. A look that throws has recognised nothing, and is charged to
     * the inspector's version.
     *
     * @param kind one of those that the listener asks for, {@link Listener#inspects}
     * @return empty when no inspector of datagrams of the kind is running
     */
    Optional<DatagramInspection> inspect(String kind, InetAddress client);

    /** Answers the client of an entry that gets no session, from the address that it asked; one that finds no room is lost. */
    void answer(DatagramBatch batch, int entry, byte[] bytes);

    /** Datagrams were dropped that no session is for. Costs a counter, and leaves no record: such datagrams cost who sends them nothing. */
    void refused(CloseReason reason, int datagrams);
}
