// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import java.nio.channels.NetworkChannel;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.channels.AcceptingChannel;

/**
 * One listening socket, or one that another loop accepts from as well.
 *
 * @param accepting as XNIO has it
 * @param channel below it, if that is known
 * @param thread the loop that accepts; empty where a thread of XNIO's does
 */
record XnioServer(AcceptingChannel<StreamConnection> accepting, Optional<NetworkChannel> channel, Optional<XnioIoThread> thread) {
    private static final Logger LOG = LoggerFactory.getLogger(XnioServer.class);

    /**
     * Closes it on its loop, since XNIO waits for the loop otherwise, however long that does not turn.
     *
     * @param begun has it from when its loop closes it
     * @param done called when it is closed
     */
    void close(Set<XnioServer> begun, Runnable done) {
        if (thread.isEmpty() || thread.get() == Thread.currentThread()) {
            closeNow(begun, done);
            return;
        }
        try {
            thread.get().execute(() -> closeNow(begun, done));
        } catch (RejectedExecutionException ended) {
            LOG.trace("the loop had ended", ended);
            channel.ifPresent(IoUtils::safeClose);
            done.run();
        }
    }

    private void closeNow(Set<XnioServer> begun, Runnable done) {
        begun.add(this);
        IoUtils.safeClose(accepting);
        done.run();
    }
}
