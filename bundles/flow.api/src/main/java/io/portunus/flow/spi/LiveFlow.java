// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import java.net.InetSocketAddress;
import org.osgi.annotation.versioning.ProviderType;

/** A flow's entry in the engine: its handler tells it what happens, on the flow's loop. */
@ProviderType
public interface LiveFlow {
    /** Number of the flow. */
    long id();

    /** Sets what ends the flow when an operator or the drain asks for it; run on the flow's loop, at most once. */
    void onEnd(EndRequest request);

    /**
     * Takes one of the listener's places for connections that wait for their hello.
     *
     * @return whether there was one; if so, {@link #endPeek} gives it back
     */
    boolean beginPeek();

    /** Gives the place back, whatever came of the peek, and counts how long it took. */
    void endPeek();

    /** The hello was read. */
    void inspected(Prelude prelude);

    /** A route was chosen. */
    void routed(Route route);

    /** The target's name could not be resolved; counted. */
    void dnsFailed();

    /** An attempt to connect failed; counted. */
    void connectFailed();

    /** The target is open. */
    void connected(InetSocketAddress endpoint);

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
