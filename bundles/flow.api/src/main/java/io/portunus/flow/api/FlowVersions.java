// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import io.portunus.flow.spi.Cancellable;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Which version of a handler or an inspector new flows get, when several run side by side. Without a word from here the one that came
 * first serves until it goes. Thread-safe; a change is one write, seen by the next accepted connection. Implemented by the engine.
 */
@ProviderType
public interface FlowVersions {
    /** Every handler and inspector that runs. */
    List<ProviderView> providers();

    /**
     * Gives new flows to the providers of a version of a bundle: the switch. It holds until the version goes or another is preferred.
     *
     * @return whether the version has any provider
     */
    boolean prefer(String bundle, String version);

    /**
     * A version has proved itself and is to stay: flows that are open and that its policies were not asked about are offered to them, by their
     * loops, some at a time. Returns at once.
     */
    void settled(String bundle, String version);

    /** The pins in force. */
    List<VersionPin> pins();

    /**
     * Replaces the pins. Of several that fit a flow the first holds; one whose version does not run holds nothing.
     *
     * @param pins at most {@value #MAX_PINS}
     * @throws IllegalArgumentException if there are more
     */
    void pins(List<VersionPin> pins);

    /** Most pins; each is looked at for each new flow. */
    int MAX_PINS = 64;

    /**
     * Has a thread look at every loop each {@value #LOOK_MILLIS} ms, and count for whom it has not moved on since the last look
     * ({@link FlowResults#slowTurns}). Loops do next to nothing for it; nobody looks while nobody asks for it.
     *
     * @return ends it; whoever asks for it again takes it over, and what the former got ends nothing any more
     */
    Cancellable watchLoops();

    /** Time between two looks, in milliseconds: what keeps a loop longer than two of them is seen, however it keeps it. */
    long LOOK_MILLIS = 4;

    /** Flows that hold a version of a bundle, whether it still runs or not. Goes through all live flows. */
    long held(String bundle, String version);

    /**
     * Ends one flow.
     *
     * @return whether there was such a flow
     */
    boolean end(long flowId, CloseReason reason);

    /**
     * Ends every flow that a version of a bundle still holds.
     *
     * @return how many there were
     */
    int end(String bundle, String version, CloseReason reason);
}
