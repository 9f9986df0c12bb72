// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import io.portunus.model.Prelude;
import io.portunus.model.Protocol;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What is known of a flow that ended: one access record. It is a view of the flow and lives as long as the call that hands it out: whoever
 * keeps something copies it. No accessor makes more than it must, because there is a record for each connection. Confined to the
 * flow's loop.
 */
@ProviderType
public interface FlowRecord {
    /** What a duration has that was not reached. */
    long NOT_REACHED = -1;

    /** Number of the flow. */
    long id();

    /**
     * The bundles that carried it or read its prelude, each once, sorted by name. Flows that were served by the same ones have the same
     * list.
     */
    List<Carrier> handlers();

    /** Listener it came in by, {@code "*:443"}. */
    String listener();

    /** The client, as declared by a PROXY header if one was read. */
    InetSocketAddress peer();

    /** Who sent the PROXY header that declared the client; empty when nobody did. */
    Optional<InetSocketAddress> via();

    /** Name of the rule; empty when none was chosen. */
    String rule();

    /** Id of the rule, unsigned; without meaning when none was chosen. */
    long ruleId();

    /** What was seen of the client's prelude. */
    Prelude prelude();

    /** The target that took the connection; else all of the rule, or none when no rule was chosen. */
    List<Target> targets();

    /** Address the target was reached at; empty when it was not. */
    Optional<InetSocketAddress> endpoint();

    /** When it was accepted. */
    Instant openedAt();

    /** Bytes from client to target. */
    long bytesIn();

    /** Bytes from target to client. */
    long bytesOut();

    /** Protocol of the listener it came in by. */
    default Protocol protocol() {
        return Protocol.TCP;
    }

    /** Datagrams from client to target; 0 for a connection. */
    default long datagramsIn() {
        return 0;
    }

    /** Datagrams from target to client; 0 for a connection. */
    default long datagramsOut() {
        return 0;
    }

    /** From accept to the decision, in nanoseconds; {@link #NOT_REACHED} if there was none, as for the next two. */
    long peekNanos();

    /** From the decision to the open target. */
    long connectNanos();

    /** From accept to the first byte of the target. */
    long firstByteNanos();

    /** From accept to the end. */
    long totalNanos();

    /**
     * How long policies let bytes on the way to the target wait, in nanoseconds; {@link #NOT_REACHED} where none limits it, and for a session,
     * whose datagrams do not wait.
     */
    default long heldBackInNanos() {
        return NOT_REACHED;
    }

    /** The same on the way to the client. */
    default long heldBackOutNanos() {
        return NOT_REACHED;
    }

    /** Why it ended. */
    CloseReason reason();

    /**
     * A bundle that served a flow.
     *
     * @param bundle its symbolic name
     * @param version its version
     */
    record Carrier(String bundle, String version) {
    }
}
