// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.LimitRow;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Limits flows: whether one may begin, and how fast its bytes may move. Each kind that is there is asked about every flow, whether a rule
 * names it or not, and all have to admit it; of several versions of a kind one is asked, and flows keep what it gave them to their end. A
 * flow of a rule that names a kind which is not there is refused. What a policy refuses ends with the reason that it gives; one that throws
 * refuses. Thread-safe: flows of all loops ask at once. What they count together goes into {@link SharedCells}, where the next version finds it.
 */
@ConsumerType
public interface Policy extends ReasonOwner {
    /** Most rows of {@link #limits} beside those of rules; what is beyond that is not shown. */
    int MOST_ROWS = 1_000;

    /** What it limits by, {@code "bandwidth"}, as rules name it; of several of a kind one serves. */
    String kind();

    /**
     * Asks whether a connection may stay, on its loop, before a byte of it is read: the place for limits by source. A refused one is reset.
     * Never blocks.
     */
    default Admission accept(AcceptRequest request) {
        return Admission.UNLIMITED;
    }

    /**
     * Asks whether a flow that is open is to be limited like one that begins: it was open when the policy came, or when its rule began to name the
     * policy or, while it has no lease of it, set something else for it. If so, {@link #accept} and {@link #admit} are asked about it, the first
     * only if it was not before, and it ends with the reason if one refuses. Budgets hold at once, for what is connected, too. Asked of a policy
     * that has proved itself, once its bundle is not watched any more, on the flow's loop and for some flows at a time, so never for two at once of
     * one loop. What throws here, or in what follows from it, leaves the flow as it was.
     *
     * @return whether it is; by default every flow is, so that counts are right and a limit holds from the beginning
     */
    default boolean adopts(AcceptRequest request) {
        return true;
    }

    /** Asks whether a flow may go on, on its loop; once, after its route is chosen and before a target is searched. Never blocks. */
    default Admission admit(AdmissionRequest request) {
        return Admission.UNLIMITED;
    }

    /**
     * What it limits now, for surfaces: a row for each rule of the request of which it has something to show, and at most {@value #MOST_ROWS} rows
     * of other scopes, such as owners, those first that matter most. The version that serves is asked, on a thread of its own and never on a loop,
     * with 2 s to answer; several may ask at once. It reads its cells and changes nothing. What it throws, and an answer that is late, is charged
     * to it and costs the surface no more than these rows: what rules set, whom the policy refused and how long it held them back is known
     * without it.
     */
    default List<LimitRow> limits(LimitsRequest request) {
        return List.of();
    }
}
