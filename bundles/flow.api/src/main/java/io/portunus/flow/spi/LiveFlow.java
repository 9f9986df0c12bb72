// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A flow's entry in the engine, confined to the flow's loop: its handler tells it what happens, and asks it for what the engine has. What
 * a handler or an inspector throws ends the flow as {@link CloseReason#INTERNAL_ERROR}; after that every call does nothing.
 */
@ProviderType
public interface LiveFlow {
    /** Number of the flow. */
    long id();

    /** Sets what ends the flow when an operator or the drain asks for it; run on the flow's loop, at most once. */
    void onEnd(EndRequest request);

    /**
     * Takes one of the listener's places for connections that wait for their hello. When all are taken, another flow of the listener gives
     * way: of the source that has most, the one that has waited longest without progress.
     *
     * @return whether there is one; if so, {@link #endPeek} gives it back
     */
    boolean beginPeek();

    /**
     * Says how many bytes the flow holds of what its client sent, while it has no target; each call counts as progress. All flows of the node
     * share one budget, and when it is full another flow gives way, as for a place. What the flow holds when it ends is given back by itself.
     *
     * @return whether there is room; if not, the flow is to end as {@link CloseReason#BUFFERS_FULL}
     */
    boolean keep(int bytes);

    /** Whether more may be read from one side than the other side is known to take. */
    boolean maySpill();

    /** Says that so many bytes more, or fewer, are held that one side sent and the other does not take; of the same budget. */
    void spilled(int more);

    /**
     * Begins an inspection by the inspector that serves this flow; it counts as in use until the flow is routed or closed.
     *
     * @return empty when no inspector of the kind is running
     */
    Optional<Inspection> inspect(String kind);

    /** Gives the place back, whatever came of the peek, and counts how long it took. */
    void endPeek();

    /** The hello was read. */
    void inspected(Prelude prelude);

    /** A route was chosen. */
    void routed(Route route);

    /**
     * Begins to take away what stands before the client's own bytes, by the filter that serves this flow.
     *
     * @return empty when no filter of the kind is running
     */
    Optional<Filtering> filter(String kind);

    /** Somebody in front told of the connection; from here on its addresses are those told, if any were. */
    void told(ToldOrigin origin);

    /** The ends of the client's connection: as told, or else those of the socket. */
    Addresses addresses();

    /**
     * Asks every policy that serves this flow whether it may go on; what they give is given back with the flow. Called once, after
     * {@link #routed} and before {@link #select}.
     *
     * @return why it is refused; empty when it is not
     */
    Optional<CloseReason> admit();

    /** What may be moved to the target, by what the policies gave. */
    Budget budgetIn();

    /** What may be moved to the client, by the same. */
    Budget budgetOut();

    /**
     * Begins the search for a target, by the selector that serves this flow; it is released with the flow at the latest. Called once, after
     * {@link #routed}.
     *
     * @return empty when no selector is running
     */
    Optional<TargetSelection> select(Route route);

    /** The target's name could not be resolved; counted. */
    void dnsFailed();

    /** An attempt to connect failed; counted. */
    void connectFailed();

    /**
     * Connects to an endpoint on the flow's loop. The stream is the handler's, and is reset with the flow should the handler fail.
     */
    Cancellable connect(ConnectSpec endpoint, ConnectListener done);

    /** The target is open. */
    void connected(Target target, InetSocketAddress endpoint);

    /**
     * What to say to the target first, by the prelude of that kind that serves this flow.
     *
     * @return the bytes, maybe none; empty when no prelude of the kind is running
     */
    Optional<byte[]> prelude(String kind, Target target);

    /** Bytes were delivered to the target. */
    void movedIn(int bytes);

    /** Bytes were delivered to the client. */
    void movedOut(int bytes);

    /** The flow is over. Called exactly once. */
    void closed(CloseReason reason);

    /** Asked to end a flow. */
    @FunctionalInterface
    interface EndRequest {
        /** Ends the flow by resetting both sides, with this reason. */
        void end(CloseReason reason);
    }
}
