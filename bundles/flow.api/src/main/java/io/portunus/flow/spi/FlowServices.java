// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import io.portunus.model.Route;
import io.portunus.model.Target;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a flow of whatever protocol asks the engine for: who serves it, and a place and memory among all flows of the node. What it gets is of
 * one version and stays of it to the flow's end. Confined to the flow's loop. Once the flow is closed there is nothing to be had.
 */
@ProviderType
public interface FlowServices {
    /**
     * Takes one of the listener's places for flows that wait for their prelude. When all are taken, another flow of the listener gives
     * way: of the source that has most, the one that has waited longest without progress.
     *
     * @return whether there is one; if so, {@link #endPeek} gives it back
     */
    boolean beginPeek();

    /** Gives the place back, whatever came of the peek, and counts how long it took. */
    void endPeek();

    /**
     * Reports how many bytes the flow holds of what its client sent, while it has no target; each call counts as progress. All flows of the node
     * share one budget, and when it is full another flow gives way, as for a place. What the flow holds when it ends is given back by itself.
     *
     * @return whether there is room; if not, the flow is to end as {@link CloseReason#BUFFERS_FULL}
     */
    boolean keep(int bytes);

    /** Whether more may be read from one side than the other side is known to take. */
    boolean maySpill();

    /** Reports that so many bytes more, or fewer, are held that one side sent and nobody has taken yet; of the same budget, and given back alike. */
    void spilled(int more);

    /**
     * Begins to take away what stands before the client's own bytes, by the filter that serves this flow.
     *
     * @return empty when no filter of the kind is running
     */
    Optional<Filtering> filter(String kind);

    /**
     * Begins an inspection by the inspector that serves this flow; it counts as in use until the flow is routed or closed.
     *
     * @return empty when no inspector of the kind is running
     */
    Optional<Inspection> inspect(String kind);

    /**
     * Asks every policy that serves this flow whether it may go on; what they give is given back with the flow. Called once, after
     * {@link LiveFlow#routed} and before {@link #select}.
     *
     * @return why it is refused; empty when it is not
     */
    Optional<CloseReason> admit();

    /**
     * What may be moved to the target, by what the policies gave so far. Asked for anew before each move, since a reload may limit a flow that is
     * open; the same one as long as nothing changes.
     */
    Budget budgetIn();

    /** What may be moved to the client, by the same. */
    Budget budgetOut();

    /**
     * Begins the search for a target, by the selector that serves this flow; it is released with the flow at the latest. Called once, after
     * {@link LiveFlow#routed}.
     *
     * @return empty when no selector is running
     */
    Optional<TargetSelection> select(Route route);

    /**
     * What to write to the target first, by the {@link UpstreamHeader} of that kind that serves this flow.
     *
     * @return the bytes, maybe none; empty when none of the kind is running
     */
    Optional<byte[]> header(String kind, Target target);
}
