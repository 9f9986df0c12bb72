// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.portunus.node.api.Actor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.Optional;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One channel: a single line, or a shell until {@code exit}. Set up by the library's thread, then run by a thread of its own. That
 * thread is not interrupted when the client goes: a change that is under way is finished.
 */
final class SshCommand implements Command {
    private static final Logger LOG = LoggerFactory.getLogger(SshCommand.class);

    private final CommandProcessor processor;
    private final Optional<String> line;
    private final Errands errands;
    private @Nullable InputStream in;
    private @Nullable OutputStream out;
    private @Nullable OutputStream err;
    private @Nullable ExitCallback exit;

    SshCommand(CommandProcessor processor, Optional<String> line, Errands errands) {
        this.processor = processor;
        this.line = line;
        this.errands = errands;
    }

    @Override
    public void setInputStream(InputStream stream) {
        in = stream;
    }

    @Override
    public void setOutputStream(OutputStream stream) {
        out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
        Actor by = Objects.requireNonNull(channel.getSession().getAttribute(AuthorizedKeys.ACTOR), "nobody is logged in");
        Streams streams = new Streams(Objects.requireNonNull(in), Objects.requireNonNull(out), Objects.requireNonNull(err));
        ExitCallback end = Objects.requireNonNull(exit);
        // A platform thread: a command may be another bundle's, and one that spins would keep a carrier of virtual ones.
        Thread.ofPlatform().daemon().name("shell-ssh").start(() -> lastResort(by, streams, environment, end));
    }

    @Override
    public void destroy(ChannelSession channel) {
        // The library closes the streams, which ends a shell that reads from them.
    }

    /** The edge of the thread: the client gets the end in any case. */
    private void lastResort(Actor by, Streams streams, Environment environment, ExitCallback end) {
        int status = 1;
        line.ifPresent(once -> errands.begin());
        try (PortunusCommands commands = new PortunusCommands(processor, by)) {
            status = line.isPresent() ? once(commands, line.get(), streams) : new InteractiveShell(commands, streams, errands).run(environment);
        } catch (IOException gone) {
            LOG.atDebug().addKeyValue("event", "shell.client_gone").addKeyValue("by", by).addKeyValue("reason", gone).log("the client is gone");
        } catch (RuntimeException | Error defect) {
            LOG.atError().addKeyValue("event", "shell.session_failed").addKeyValue("by", by).setCause(defect).log("a session failed by a defect");
        } finally {
            end.onExit(status);
            line.ifPresent(once -> errands.end());
        }
    }

    private static int once(PortunusCommands commands, String line, Streams streams) throws IOException {
        PortunusCommands.Answer answer = commands.run(line);
        if (!answer.text().isEmpty()) {
            OutputStream to = answer.refused() ? streams.err() : streams.out();
            to.write((answer.text() + "\n").getBytes(UTF_8));
            to.flush();
        }
        return answer.status();
    }

    /**
     * The channel's streams; the library closes them.
     *
     * @param in what the client types
     * @param out standard output
     * @param err standard error
     */
    record Streams(InputStream in, OutputStream out, OutputStream err) {
    }
}
