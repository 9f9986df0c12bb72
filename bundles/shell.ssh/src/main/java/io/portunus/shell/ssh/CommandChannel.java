// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.server.channel.ChannelSession;

/** A channel for one command or shell, which takes no variable from its client. Confined to the library's threads. */
final class CommandChannel extends ChannelSession {
    private static final AttributeKey<AtomicInteger> OPENED = new AttributeKey<>();

    /** None is asked for; kept, they would be a table without a bound. */
    @Override
    protected RequestHandler.Result handleEnvParsed(String name, String value) throws IOException {
        return RequestHandler.Result.ReplyFailure;
    }

    /**
     * Makes the channels of a connection, as many one after another as it may open in its life.
     *
     * @param most of a connection, ended ones included
     */
    record Factory(int most) implements ChannelFactory {
        @Override
        public String getName() {
            return "session";
        }

        @Override
        public Channel createChannel(Session session) throws IOException {
            AtomicInteger opened = session.computeAttributeIfAbsent(OPENED, key -> new AtomicInteger());
            if (opened.incrementAndGet() > most) {
                throw new SshChannelOpenException(0, SshConstants.SSH_OPEN_RESOURCE_SHORTAGE,
                    "this connection has opened " + most + " channels, the most it may; connect again");
            }
            return new CommandChannel();
        }
    }
}
