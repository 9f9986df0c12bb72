// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import java.nio.channels.NetworkChannel;
import java.util.Optional;
import org.xnio.StreamConnection;
import org.xnio.channels.AcceptingChannel;

/**
 * One listening socket.
 *
 * @param accepting as XNIO has it
 * @param channel below it, if that is known
 */
record XnioServer(AcceptingChannel<StreamConnection> accepting, Optional<NetworkChannel> channel) {
}
