// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.DatagramDrop;
import io.portunus.model.Route;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A flow of datagrams: its entry, what it asks for, and what only datagrams need. UDP has no message that ends a session, so it ends when its
 * handler closes the entry. What its session and the events of its sockets throw ends the flow, as {@link LiveFlow} states. Confined to the
 * flow's loop.
 */
@ProviderType
public interface DatagramFlow extends LiveFlow, FlowServices {
    /**
     * Opens a socket on the flow's loop, which is closed with the flow at the latest.
     *
     * @throws ListenException when it cannot be opened, or not be connected to its peer; typed as {@link ListenException#failure} has it
     */
    DatagramPort open(DatagramSpec spec) throws ListenException;

    /**
     * Counts as a session of the rule from now on, for one that began without a rule; does not route it, {@link #routed} does.
     *
     * @return false when the rule has as many sessions as it may have; that has been counted, and the session is to be closed
     */
    boolean enter(Route route);

    /**
     * As {@link FlowServices#select}; may be called again for another datagram, by nine searches at a time that were not released.
     *
     * @return empty when no selector is running, or the session has so many
     */
    @Override
    Optional<TargetSelection> select(Route route);

    /**
     * Sends entries to the client, from the address that it asked. Their peer and local address are set here.
     *
     * @return as {@link DatagramPort#send}
     */
    int reply(DatagramBatch batch, int first, int end);

    /** Datagrams were handed to the target's socket; counted for the flow, its rule and surfaces. */
    void relayedIn(int datagrams, int bytes);

    /** Datagrams were handed to the client's socket. */
    void relayedOut(int datagrams, int bytes);

    /** Datagrams of the session were dropped; counted for the rule. */
    void dropped(DatagramDrop why, int datagrams);
}
