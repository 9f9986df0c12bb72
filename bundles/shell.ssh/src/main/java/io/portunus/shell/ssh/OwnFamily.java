// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;

/**
 * Turns away whoever comes by the other family: the library binds {@code 0.0.0.0} and {@code ::} for both. Immutable.
 *
 * @param address what is listened on
 * @param dualStack whether {@code ::} takes clients of IPv4, too
 */
record OwnFamily(InetAddress address, boolean dualStack) implements SessionListener {
    @Override
    public void sessionCreated(Session session) {
        if (!takes(session.getIoSession().getRemoteAddress() instanceof InetSocketAddress peer ? peer.getAddress() : address)) {
            session.getIoSession().close(true);
        }
    }

    /** Whether a client may come in. */
    boolean takes(InetAddress peer) {
        boolean six = address instanceof Inet6Address;
        return !address.isAnyLocalAddress() || peer instanceof Inet6Address == six || six && dualStack;
    }
}
