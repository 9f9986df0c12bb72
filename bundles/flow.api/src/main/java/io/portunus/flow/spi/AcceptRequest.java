// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import io.portunus.model.ListenKey;
import java.net.InetAddress;
import java.util.function.Consumer;

/**
 * A connection that was accepted and of which nothing was read; or one that is open and was never asked about ({@link Policy#adopts}).
 *
 * @param flow its number
 * @param listener where it came in
 * @param peer the other end of the socket
 * @param behindFront whether the peer is trusted with a PROXY header, and so stands for clients of its own: who they are is known when
 *     {@link Policy#admit} is asked
 * @param loop the loop that it lives on
 * @param cells cells of the policy
 * @param end ends the flow, callable from any thread for as long as the policy has a lease of it: both sides are reset, soon, and its record has the
 *     reason; once it has ended nothing follows
 */
public record AcceptRequest(long flow, ListenKey listener, InetAddress peer, boolean behindFront, EventLoop loop, SharedCells cells,
        Consumer<CloseReason> end) {
}
