// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A flow's entry in the engine, of whatever protocol: what it is, what became of it, and how it ends. Its handler writes down here what
 * happens. Confined to the flow's loop, but for {@link #run}. Once the flow is closed every call does nothing.
 *
 * <p>The engine watches over everything that it calls of the handler, and over all that it runs for it: events of streams, answers of those
 * it asks, timers and steps. Whatever is thrown there is charged to the handler's version, the handler is asked to end the flow
 * ({@link #onEnd}), and the flow is over as {@link CloseReason#INTERNAL_ERROR}; no other flow notices. So a handler catches nothing, and gives
 * back what it holds in one place.
 */
@ProviderType
public interface LiveFlow {
    /** Number of the flow. */
    long id();

    /**
     * Sets what ends the flow when an operator, the drain or a defect asks for it; run on the flow's loop, at most once. It gives back what the
     * handler holds; should it leave a socket open, or not close the entry, the engine does.
     */
    void onEnd(EndRequest request);

    /** Runs a step on the flow's loop: now when called there, else soon; not at all once the flow is closed. Callable from any thread. */
    void run(Runnable step);

    /** Runs a step on the flow's loop after the delay, unless it is cancelled or the flow is closed before. */
    Cancellable after(Duration delay, Runnable step);

    /** A PROXY header declared an origin; from here on the flow's addresses are those declared, if any were. */
    void declared(DeclaredOrigin origin);

    /** The ends of the client's connection: as declared, or else those of the socket. */
    Addresses addresses();

    /** The prelude was read. */
    void inspected(Prelude prelude);

    /** A route was chosen. */
    void routed(Route route);

    /** The target's name could not be resolved; counted. */
    void dnsFailed();

    /** An attempt to connect failed; counted. */
    void connectFailed();

    /** The target is open. */
    void connected(Target target, InetSocketAddress endpoint);

    /** Bytes were delivered to the target. */
    void movedIn(int bytes);

    /** Bytes were delivered to the client. */
    void movedOut(int bytes);

    /** The flow is over. Called exactly once; a flow of which some part has thrown is closed as {@link CloseReason#INTERNAL_ERROR} all the same. */
    void closed(CloseReason reason);

    /** Asked to end a flow. */
    @FunctionalInterface
    interface EndRequest {
        /** Ends the flow by resetting both sides, with this reason. */
        void end(CloseReason reason);
    }
}
