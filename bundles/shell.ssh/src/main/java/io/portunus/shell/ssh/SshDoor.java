// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import io.portunus.model.SocketAddresses;
import io.portunus.node.api.Post;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.server.SshServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for SSH as soon as the port is free. Thread-safe; opened once, when the version has its post or without one, and closed once. What is
 * at work when it leaves its post gives its answer before the connections are closed.
 */
final class SshDoor implements Post.Holder, AutoCloseable {
    /** Time between two tries to listen. */
    static final Duration RETRY = Duration.ofSeconds(1);
    /** Failed tries in a row after which that is logged; a process that was replaced ends in less. */
    static final int TRIES_BEFORE_REPORT = 5;
    /** Longest that a connection may take to send what it was answered. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(SshDoor.class);

    private final CommandProcessor processor;
    private final Settings settings;
    private final CountDownLatch closed = new CountDownLatch(1);
    /** Guarded by this, as the three after it. */
    private Optional<ClosingServer> server = Optional.empty();
    private Optional<ClosingServer> leaving = Optional.empty();
    private Optional<Errands> errands = Optional.empty();
    private Optional<Post> post = Optional.empty();
    /** Volatile: set before it is opened, read by the thread that tries to. */
    private volatile boolean bothFamilies;

    SshDoor(CommandProcessor processor, Settings settings) {
        this.processor = processor;
        this.settings = settings;
    }

    /** Whether the address {@code ::} takes IPv4 clients, too; set before it is opened. */
    void takeBothFamilies(boolean both) {
        bothFamilies = both;
    }

    @Override
    public void take(Post taken) {
        synchronized (this) {
            post = Optional.of(taken);
            taken.hinder("it does not listen yet");
        }
        open();
    }

    /** Listens, or goes on trying to; logs what hinders it, and how to mend that. */
    void open() {
        Optional<InetSocketAddress> address = SocketAddresses.parse(settings.listen());
        if (address.isEmpty()) {
            failed("it is no address; write an IP address and a port, as 127.0.0.1:8101");
            return;
        }
        try {
            ServerSetup setup = new ServerSetup(processor, settings, address.get(), HostKey.at(settings.hostKey()));
            synchronized (this) {
                errands = Optional.of(setup.errands());
            }
            if (attempt(setup, 1)) {
                Thread.ofVirtual().name("shell-ssh-listen").start(() -> keepTrying(setup));
            }
        } catch (IOException | GeneralSecurityException broken) {
            failed("its host key " + settings.hostKey() + " cannot be read or made (" + broken + "); see to the folder, or remove the file");
        }
    }

    private void keepTrying(ServerSetup setup) {
        try {
            for (int number = 2; !closed.await(RETRY.toMillis(), TimeUnit.MILLISECONDS) && attempt(setup, number);) {
                number++;
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** Answers whether it is to be tried again. */
    private synchronized boolean attempt(ServerSetup setup, int number) {
        if (closed.getCount() == 0) {
            return false;
        }
        ClosingServer fresh = setup.create();
        fresh.addSessionListener(new OwnFamily(setup.address().getAddress(), bothFamilies));
        try {
            // Tried beforehand, because the library logs each failure as an error of its own.
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(setup.address());
            }
            fresh.start();
            server = Optional.of(fresh);
            post.ifPresent(its -> its.hinder(""));
            listens(SocketAddresses.text(new InetSocketAddress(setup.address().getAddress(), fresh.getPort())));
            return false;
        } catch (IOException refused) {
            stop(fresh);
            if (number == TRIES_BEFORE_REPORT && settings.fallback()) {
                // Longer than a version before it needs to go, so it is somebody else's.
                return attempt(setup.onAnyPort(), number + 1);
            }
            if (number == TRIES_BEFORE_REPORT) {
                failed(refused + "; free the port, or give [shell] listen another one; it is tried again every second");
            }
            return true;
        }
    }

    private void listens(String address) {
        LOG.atInfo().addKeyValue("event", "shell.listening").addKeyValue("listen", address).log("the shell listens for SSH");
        if (settings.fallback() && !address.equals(settings.listen())) {
            LOG.atWarn().addKeyValue("event", "shell.default_port_taken").addKeyValue("listen", settings.listen()).addKeyValue("address", address)
                .log("the shell's usual port is taken, so it listens on another, which the file shell.address of the state folder tells, too; "
                    + "name one with [shell] listen");
        }
        try {
            Path unfinished = Files.writeString(settings.address().resolveSibling("shell.address.new"), address + "\n");
            Files.move(unfinished, settings.address(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException unwritable) {
            LOG.atWarn().addKeyValue("event", "shell.address_unwritten").addKeyValue("path", settings.address())
                .addKeyValue("reason", unwritable)
                .log("the file that tells where the shell listens cannot be written; make room in the state folder");
        }
    }

    private void failed(String why) {
        synchronized (this) {
            post.ifPresent(its -> its.hinder(why));
        }
        LOG.atError().addKeyValue("event", "shell.listen_failed").addKeyValue("listen", settings.listen()).addKeyValue("reason", why)
            .log("the shell cannot be reached by SSH; connections are forwarded all the same");
    }

    /** Port that it listens on; 0 while it does not. */
    synchronized int port() {
        return server.map(SshServer::getPort).orElse(0);
    }

    /** Lets the port go at once, and the connections when the commands at work have given their answers. */
    @Override
    public void leave() {
        closed.countDown();
        synchronized (this) {
            server.ifPresent(open -> {
                forgetAddress();
                open.unbind();
            });
            leaving = server;
            server = Optional.empty();
        }
    }

    /** Closes the connections once they have their answers, after {@link #leave}. */
    void finish(Duration atMost) throws InterruptedException {
        Optional<ClosingServer> last;
        Optional<Errands> atWork;
        synchronized (this) {
            last = leaving;
            atWork = errands;
            leaving = Optional.empty();
        }
        if (last.isEmpty()) {
            return;
        }
        try {
            if (atWork.isEmpty() || atWork.get().over(atMost)) {
                // Whoever asked for one command goes by himself when he has read its end; the others are sent away.
                List<AbstractSession> open = last.get().getActiveSessions();
                CountDownLatch gone = new CountDownLatch(open.size());
                open.forEach(session -> session.addCloseFutureListener(end -> gone.countDown()));
                if (!gone.await(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                    last.get().close(false).await(LAST_WORDS.toMillis());
                }
            }
        } catch (IOException failed) {
            LOG.atDebug().addKeyValue("event", "shell.close_failed").addKeyValue("reason", failed).log("the shell did not close in order");
        } finally {
            stop(last.get());
        }
    }

    @Override
    public void close() {
        closed.countDown();
        synchronized (this) {
            server.ifPresent(open -> {
                forgetAddress();
                stop(open);
            });
            server = Optional.empty();
        }
    }

    private void forgetAddress() {
        try {
            Files.deleteIfExists(settings.address());
        } catch (IOException undeletable) {
            LOG.atDebug().addKeyValue("event", "shell.close_failed").addKeyValue("reason", undeletable).log("a file of the shell was left");
        }
    }

    private static void stop(SshServer server) {
        try {
            server.stop(true);
        } catch (IOException closing) {
            LOG.atDebug().addKeyValue("event", "shell.close_failed").addKeyValue("reason", closing).log("the shell did not close in order");
        }
    }

    /**
     * What the door is made of.
     *
     * @param listen address and port
     * @param keys file of the keys let in
     * @param hostKey file of the host key
     * @param limits what clients may use up
     * @param fallback whether another port of the same address does as well, because nobody named this one
     */
    record Settings(String listen, Path keys, Path hostKey, Limits limits, boolean fallback) {
        /** The file that holds the address it listens on. */
        Path address() {
            return hostKey.resolveSibling("shell.address");
        }
    }

    /**
     * What clients may use up.
     *
     * @param sessions most connections, logged in or not
     * @param channels most commands of one connection at a time
     * @param channelsInAll most commands of one connection in its life
     * @param attempts keys that a connection may offer in vain
     * @param grace time to log in
     * @param idle time without a byte
     */
    record Limits(int sessions, int channels, int channelsInAll, int attempts, Duration grace, Duration idle) {
        static final Limits USUAL = new Limits(16, 4, 256, 3, Duration.ofSeconds(30), Duration.ofMinutes(10));
    }
}
