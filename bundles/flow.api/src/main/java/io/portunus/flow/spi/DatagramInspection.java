// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** The look into what one client sends first. Confined to its loop; remembers what it has seen, for datagrams come in any order and once each. */
@ConsumerType
public interface DatagramInspection {
    /** Most datagrams that it is given before it has to know. */
    int MAX_DATAGRAMS = 16;

    /**
     * Looks at the next datagram. It is given {@value #MAX_DATAGRAMS} at most, and none any more once it has a verdict other than
     * {@link Verdict#MORE}.
     *
     * @param datagram from position to limit, whole. It must leave both alone and keep no reference.
     */
    Verdict inspect(ByteBuffer datagram);

    /** Bytes of memory that it has taken for what it saw, which count among those that the node keeps for flows without a target. */
    int kept();

    /**
     * The datagram to send to a client that is refused, in its own protocol.
     *
     * @param reason why it is refused: what a {@link Verdict} of its own said, a policy, routing, or the time; one it does not know has no word
     * @return bytes to send, none when the protocol has no word for it or the client would not understand it
     */
    byte[] refusal(CloseReason reason);
}
