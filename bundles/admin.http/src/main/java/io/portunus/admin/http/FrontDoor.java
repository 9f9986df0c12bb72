// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.Credentials;
import io.portunus.admin.api.Principal;
import io.portunus.admin.api.RefusedException;
import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/**
 * What every request passes: route, deadline, host, origin, size, who makes it and what he may do, and a place among those at work. Called
 * by the I/O thread, which never waits for anybody: others are asked on threads of their own. Thread-safe.
 */
final class FrontDoor implements HttpHandler {
    /** Requests at work at once, from the first line of a resource to the last byte of its answer; the next is answered 429. */
    static final int MAX_AT_WORK = 32;
    /** Longest from a request's header to the last byte of its answer, but for what its resource adds; then its connection is closed. */
    static final Duration DEADLINE = Duration.ofSeconds(30);
    /** Requests with a body at work at once; the next is answered 429. Bounds what they may have on disk, with the bounds of the bodies. */
    static final int MAX_BODIES = 4;
    /** Largest body that a resource without {@link io.portunus.admin.api.Resource#maxBodyBytes} reads and throws away. */
    static final long MAX_UNREAD_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
    private static final HttpString NOSNIFF = new HttpString("X-Content-Type-Options");

    private final Roster roster;
    private final Gate gate;
    private final Seats seats;
    private final ExecutorService threads;
    private final Duration deadline;
    private final Semaphore places = new Semaphore(MAX_AT_WORK);
    private final Semaphore bodies = new Semaphore(MAX_BODIES);
    // Volatile: written by the thread that closes the surface.
    private volatile boolean closing;

    FrontDoor(Roster roster, Gate gate, Seats seats, ExecutorService threads, Duration deadline) {
        this.roster = roster;
        this.gate = gate;
        this.seats = seats;
        this.threads = threads;
        this.deadline = deadline;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        Visit visit = Visit.of(exchange, roster);
        RequestTime time = limitTime(exchange, timeFor(visit.maxBodyBytes())
            .plus(visit.match().map(m -> m.claim().terms().patience()).orElse(Duration.ZERO)));
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store").put(NOSNIFF, "nosniff");
        try {
            boolean meant = check(visit);
            if (visit.open() || visit.asksMethods()) {
                answer(visit, time, meant, Optional.empty());
            } else {
                askWhoItIs(visit, time, meant);
            }
        } catch (RefusedException refused) {
            send(exchange, Problems.reply(refused));
        }
    }

    /** Whether the request means this node by its host; a resource that does not mind is given the answer. */
    private boolean check(Visit visit) {
        boolean meant = gate.meant(visit.exchange(), visit.open());
        if (!meant && !visit.anyHost()) {
            throw HostCheck.misdirected();
        }
        Gate.checkOrigin(visit.exchange());
        checkSize(visit.exchange(), visit.maxBodyBytes() == 0 ? MAX_UNREAD_BYTES : visit.maxBodyBytes());
        return meant;
    }

    private void askWhoItIs(Visit visit, RequestTime time, boolean meant) {
        if (closing) {
            throw Problems.closing();
        }
        Credentials credentials = visit.credentials();
        visit.exchange().dispatch(threads, () -> toTheEnd(visit, () -> {
            Principal principal = gate.principal(credentials, time);
            visit.match().ifPresent(m -> Gate.checkRight(principal, m.claim()));
            answer(visit, time, meant, Optional.of(principal));
        }));
    }

    private void answer(Visit visit, RequestTime time, boolean meant, Optional<Principal> principal) {
        if (visit.match().isPresent()) {
            work(visit, time, visit.match().get().claim(), visit.request(visit.match().get(), meant, principal));
        } else if (visit.asksMethods()) {
            send(visit.exchange(), Reply.noContent().with(Headers.ALLOW_STRING, Router.allow(visit.matches())));
        } else {
            throw visit.unanswered();
        }
    }

    /** Refuses what comes from now on. */
    void shut() {
        closing = true;
    }

    /**
     * Waits for what is at work, after {@link #shut}.
     *
     * @return whether the last of it has ended
     */
    boolean drain(Duration atMost) throws InterruptedException {
        return places.tryAcquire(MAX_AT_WORK, atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Duration timeFor(long mostBytes) {
        return deadline.plusSeconds(mostBytes >> 20);
    }

    /** At its end the connection is closed, its places are given back, and whoever is at work is interrupted. */
    private RequestTime limitTime(HttpServerExchange exchange, Duration atMost) {
        RequestTime time = new RequestTime();
        XnioExecutor.Key alarm = exchange.getIoThread().executeAfter(() -> {
            seat(exchange).cut();
            time.end();
        }, atMost.toMillis(), TimeUnit.MILLISECONDS);
        exchange.addExchangeCompleteListener((done, next) -> {
            alarm.remove();
            next.proceed();
        });
        return time;
    }

    private static void checkSize(HttpServerExchange exchange, long mostBytes) {
        if (exchange.getRequestContentLength() > mostBytes) {
            // The body is not read, so nothing can follow it on this connection.
            exchange.setPersistent(false);
            throw new RefusedException(413, "payload_too_large", "", "A body has at most " + mostBytes + " bytes here.");
        }
    }

    private void work(Visit visit, RequestTime time, Claim claim, Request request) {
        if (claim.terms().kind() == Claim.Kind.INSTANT) {
            send(visit.exchange(), claim.answer(request, time).orElseThrow(ForeignCalls::gone));
            return;
        }
        if (closing) {
            throw Problems.closing();
        }
        if (!claim.terms().probe()) {
            takePlace(visit.exchange(), places);
        }
        if (claim.terms().maxBodyBytes() > 0) {
            takePlace(visit.exchange(), bodies);
            visit.exchange().setMaxEntitySize(claim.terms().maxBodyBytes());
        }
        if (visit.exchange().isInIoThread()) {
            // A Runnable, not a handler: within a handler's call nothing can be read (see RequestBody).
            visit.exchange().dispatch(threads, () -> toTheEnd(visit, () -> run(visit, time, claim, request)));
        } else {
            run(visit, time, claim, request);
        }
    }

    /** Who comes goes before who does not read what it asked for. */
    private void takePlace(HttpServerExchange exchange, Semaphore from) {
        if (!from.tryAcquire() && !(seats.cutUnread() && from.tryAcquire())) {
            throw Problems.overloaded();
        }
        AtomicBoolean given = new AtomicBoolean();
        Runnable giveBack = () -> {
            if (given.compareAndSet(false, true)) {
                from.release();
            }
        };
        seat(exchange).holds(giveBack);
        exchange.addExchangeCompleteListener((done, next) -> {
            giveBack.run();
            next.proceed();
        });
    }

    private Seat seat(HttpServerExchange exchange) {
        return seats.of(((HttpServerConnection) exchange.getConnection()).getChannel());
    }

    /** Edge of the thread: the exchange ends here or it never does. */
    private void toTheEnd(Visit visit, Runnable what) {
        try {
            what.run();
        } catch (RefusedException refused) {
            sendOrEnd(visit, Problems.reply(refused));
        } catch (RuntimeException | Error lastResort) {
            sendOrEnd(visit, failed(visit, lastResort));
        }
    }

    private void run(Visit visit, RequestTime time, Claim claim, Request request) {
        long mostBytes = claim.terms().maxBodyBytes();
        Request whole = mostBytes == 0 ? request : request.with(new RequestBody(visit.exchange().getRequestChannel(), timeFor(mostBytes)));
        // Who is taken away between the check and the call has a successor as a rule, which is newer and takes the same.
        Optional<Reply> reply = claim.answer(whole, time).or(() -> roster.router().successor(claim).flatMap(newer -> newer.answer(whole, time)));
        sendOrEnd(visit, reply.orElseThrow(ForeignCalls::gone));
    }

    private Reply failed(Visit visit, Throwable lastResort) {
        String resource = visit.match().map(m -> m.claim().template()).orElse("");
        if (threads.isShutdown()) {
            // It was interrupted, which is no defect of it.
            LOG.atDebug().addKeyValue("resource", resource).setCause(lastResort).log("a resource was interrupted");
            return Problems.reply(Problems.closing());
        }
        LOG.atError().addKeyValue("event", "admin.internal_error").addKeyValue("resource", resource).setCause(lastResort)
            .log("a resource failed");
        return Problems.reply(new RefusedException(500, "internal_error", "", "The request failed by a defect; the log has its trace."));
    }

    /** What has an answer and cannot send it is at the client's or the closing surface's fault. */
    private void sendOrEnd(Visit visit, Reply reply) {
        try {
            send(visit.exchange(), reply);
        } catch (RuntimeException lastResort) {
            LOG.atDebug().addKeyValue("path", visit.exchange().getRequestPath()).setCause(lastResort).log("an answer was not sent");
            IoUtils.safeClose(visit.exchange().getConnection());
            visit.exchange().endExchange();
        }
    }

    private void send(HttpServerExchange exchange, Reply reply) {
        if (closing || seats.crowded()) {
            exchange.setPersistent(false);
        }
        Seat seat = seat(exchange);
        // Who was answered before all of its body came has nothing more to get.
        seat.enter(exchange.isRequestComplete() ? Seat.Phase.ANSWERING : Seat.Phase.WAITING);
        exchange.addExchangeCompleteListener((done, next) -> {
            seat.free();
            next.proceed();
        });
        exchange.setStatusCode(reply.status());
        reply.headers().forEach((name, value) -> exchange.getResponseHeaders().put(new HttpString(name), value));
        if (reply.contentType().isEmpty()) {
            exchange.endExchange();
            return;
        }
        byte[] body = reply.body();
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, reply.contentType().get());
        exchange.setResponseContentLength(body.length);
        exchange.getResponseSender().send(ByteBuffer.wrap(body));
    }
}
