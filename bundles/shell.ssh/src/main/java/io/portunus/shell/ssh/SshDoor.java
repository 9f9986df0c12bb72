// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import io.portunus.model.SocketAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.sshd.server.SshServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for SSH as soon as the port is free: while this bundle is replaced, the version before still has it. Thread-safe; opened once and
 * closed once.
 */
final class SshDoor implements AutoCloseable {
    /** Time between two tries to listen. */
    static final Duration RETRY = Duration.ofSeconds(1);
    /** Failed tries in a row after which that is logged; one version takes over from another in less. */
    static final int TRIES_BEFORE_REPORT = 5;
    private static final Logger LOG = LoggerFactory.getLogger(SshDoor.class);

    private final CommandProcessor processor;
    private final Settings settings;
    private final CountDownLatch closed = new CountDownLatch(1);
    private Optional<SshServer> server = Optional.empty();
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

    /** Listens, or goes on trying to; logs what hinders it, and how to mend that. */
    void open() {
        Optional<InetSocketAddress> address = SocketAddresses.parse(settings.listen());
        if (address.isEmpty()) {
            failed("it is no address; write an IP address and a port, as 127.0.0.1:8101");
            return;
        }
        try {
            ServerSetup setup = new ServerSetup(processor, settings, address.get(), HostKey.at(settings.hostKey()));
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
        SshServer fresh = setup.create();
        fresh.addSessionListener(new OwnFamily(setup.address().getAddress(), bothFamilies));
        try {
            // Tried beforehand, because the library logs each failure as an error of its own.
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(setup.address());
            }
            fresh.start();
            server = Optional.of(fresh);
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
        LOG.atError().addKeyValue("event", "shell.listen_failed").addKeyValue("listen", settings.listen()).addKeyValue("reason", why)
            .log("the shell cannot be reached by SSH; connections are forwarded all the same");
    }

    /** Port that it listens on; 0 while it does not. */
    synchronized int port() {
        return server.map(SshServer::getPort).orElse(0);
    }

    @Override
    public void close() {
        closed.countDown();
        synchronized (this) {
            server.ifPresent(this::shut);
            server = Optional.empty();
        }
    }

    private void shut(SshServer open) {
        try {
            Files.deleteIfExists(settings.address());
        } catch (IOException undeletable) {
            LOG.atDebug().addKeyValue("event", "shell.close_failed").addKeyValue("reason", undeletable).log("a file of the shell was left");
        }
        stop(open);
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
