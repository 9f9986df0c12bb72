// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets no more connections in than may be. One too many takes the place of one that has not logged in: of the source with the most of these
 * the oldest, so that who is silent keeps nobody out. Only while all have logged in the newcomer is refused. The library's own limit is per
 * user name, which a client picks. Thread-safe: one lock, held for a look at as many connections as may be.
 */
final class SessionLimit implements SessionListener {
    private static final Logger LOG = LoggerFactory.getLogger(SessionLimit.class);

    private final int most;
    /** Oldest first; at most one more than may be. */
    private final List<Session> open = new ArrayList<>();

    SessionLimit(int most) {
        this.most = most;
    }

    @Override
    public void sessionCreated(Session session) {
        Optional<Session> leaves = add(session);
        session.addCloseFutureListener(closed -> remove(session));
        leaves.ifPresent(gone -> {
            LOG.atDebug().addKeyValue("event", "shell.too_many_sessions").addKeyValue("peer", gone.getIoSession().getRemoteAddress())
                .log("a session was closed, because there are as many as may be");
            gone.getIoSession().close(true);
        });
    }

    private synchronized Optional<Session> add(Session session) {
        open.add(session);
        if (open.size() <= most) {
            return Optional.empty();
        }
        Session leaves = longestSilent(session);
        // Its place is free at once, however long its end takes.
        open.remove(leaves);
        return Optional.of(leaves);
    }

    private synchronized void remove(Session session) {
        open.remove(session);
    }

    private Session longestSilent(Session newcomer) {
        List<Session> silent = open.stream().filter(session -> session != newcomer && !session.isAuthenticated()).toList();
        Map<String, Long> held = silent.stream().map(SessionLimit::source).collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        long highest = held.values().stream().mapToLong(Long::longValue).max().orElse(0);
        return silent.stream().filter(session -> held.getOrDefault(source(session), 0L) == highest).findFirst().orElse(newcomer);
    }

    private static String source(Session session) {
        SocketAddress peer = session.getIoSession().getRemoteAddress();
        return peer instanceof InetSocketAddress internet ? internet.getAddress().getHostAddress() : String.valueOf(peer);
    }
}
