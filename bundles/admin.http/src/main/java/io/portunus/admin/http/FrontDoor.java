// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.ProblemCode;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * What every request passes: route, deadline, host, origin, size, token, and a place among those at work. Called by the I/O thread; only a
 * resource with a place runs on a virtual thread. Thread-safe.
 */
final class FrontDoor implements HttpHandler {
    /** Requests at work at once, from the first line of a resource to the last byte of its answer; the next is answered 429. */
    static final int MAX_AT_WORK = 32;
    /** Longest from a request's header to the last byte of its answer, but for what its resource adds; then its connection is closed. */
    static final Duration DEADLINE = Duration.ofSeconds(30);
    /** Requests with a body at work at once; the next is answered 429. Bounds what they may have on disk, with the bounds of the bodies. */
    static final int MAX_BODIES = 4;
    /** Largest body that a resource without {@link Resource#maxBodyBytes} reads and throws away. */
    static final long MAX_UNREAD_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
    private static final HttpString NOSNIFF = new HttpString("X-Content-Type-Options");

    private final Router router;
    private final Gate gate;
    private final Seats seats;
    private final ExecutorService virtualThreads;
    private final Duration deadline;
    private final Semaphore places = new Semaphore(MAX_AT_WORK);
    private final Semaphore bodies = new Semaphore(MAX_BODIES);
    // Volatile: written by the thread that closes the surface.
    private volatile boolean closing;

    FrontDoor(Router router, Gate gate, Seats seats, ExecutorService virtualThreads, Duration deadline) {
        this.router = router;
        this.gate = gate;
        this.seats = seats;
        this.virtualThreads = virtualThreads;
        this.deadline = deadline;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        List<Router.Match> matches = router.at(path(exchange));
        Optional<Router.Match> match = Router.forMethod(matches, exchange.getRequestMethod().toString());
        long mostBytes = match.map(m -> m.resource().maxBodyBytes()).orElse(0L);
        limitTime(exchange, timeFor(mostBytes).plus(match.map(m -> m.resource().patience()).orElse(Duration.ZERO)));
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store").put(NOSNIFF, "nosniff");
        try {
            boolean meant = check(exchange, matches, mostBytes);
            if (match.isPresent()) {
                work(exchange, match.get().resource(), request(exchange, match.get(), meant));
            } else if (exchange.getRequestMethod().equals(Methods.OPTIONS) && !matches.isEmpty()) {
                send(exchange, Reply.NO_CONTENT.with(Headers.ALLOW_STRING, Router.allow(matches)));
            } else {
                send(exchange, noResource(exchange, matches));
            }
        } catch (RefusedException refused) {
            send(exchange, refused.reply());
        }
    }

    /** The path, decoded. One with parameters of its own is nobody's, so it stays as it came. */
    private static String path(HttpServerExchange exchange) {
        return exchange.getRequestURI().indexOf(';') < 0 ? exchange.getRequestPath() : exchange.getRequestURI();
    }

    /** Whether the request means this node by its host; a resource that does not mind is told so. */
    private boolean check(HttpServerExchange exchange, List<Router.Match> matches, long mostBytes) {
        boolean open = !matches.isEmpty() && matches.stream().allMatch(m -> m.resource().open());
        boolean meant = gate.meant(exchange, open);
        if (!meant && !(open && matches.stream().allMatch(m -> m.resource().anyHost()))) {
            throw HostCheck.misdirected();
        }
        Gate.checkOrigin(exchange);
        checkSize(exchange, mostBytes == 0 ? MAX_UNREAD_BYTES : mostBytes);
        boolean asksMethods = exchange.getRequestMethod().equals(Methods.OPTIONS) && !matches.isEmpty();
        if (!open && !asksMethods) {
            gate.checkToken(exchange);
        }
        return meant;
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

    private static void limitTime(HttpServerExchange exchange, Duration atMost) {
        XnioExecutor.Key alarm = exchange.getIoThread().executeAfter(() -> IoUtils.safeClose(exchange.getConnection()),
            atMost.toMillis(), TimeUnit.MILLISECONDS);
        exchange.addExchangeCompleteListener((done, next) -> {
            alarm.remove();
            next.proceed();
        });
    }

    private static void checkSize(HttpServerExchange exchange, long mostBytes) {
        if (exchange.getRequestContentLength() > mostBytes) {
            // The body is not read, so nothing can follow it on this connection.
            exchange.setPersistent(false);
            throw new RefusedException(413, "payload_too_large", "", "A body has at most " + mostBytes + " bytes here.");
        }
    }

    private static Reply noResource(HttpServerExchange exchange, List<Router.Match> matches) {
        if (matches.isEmpty()) {
            return Reply.problem(404, "not_found", "", "There is no such resource.");
        }
        String allow = Router.allow(matches);
        return Reply.problem(405, "method_not_allowed", "", "The resource takes " + allow + ", not " + exchange.getRequestMethod() + ".")
            .with(Headers.ALLOW_STRING, allow);
    }

    private static Request request(HttpServerExchange exchange, Router.Match match, boolean meant) {
        Map<String, String> parameters = new HashMap<>();
        for (Map.Entry<String, Deque<String>> given : exchange.getQueryParameters().entrySet()) {
            String name = given.getKey();
            if (!match.resource().parameters().contains(name)) {
                throw RefusedException.parameter(ProblemCode.UNKNOWN_KEY.code(), name, "The resource has no such parameter.");
            }
            if (given.getValue().size() != 1) {
                throw RefusedException.parameter(ProblemCode.CONFLICTING_KEYS.code(), name, "The parameter may be given once.");
            }
            parameters.put(name, given.getValue().getFirst());
        }
        Request.Sender sender = new Request.Sender(first(exchange, Headers.ACCEPT), first(exchange, Headers.CONTENT_TYPE), peer(exchange),
            meant);
        return new Request(match.variables(), parameters, sender, InputStream.nullInputStream());
    }

    private void work(HttpServerExchange exchange, Resource resource, Request request) {
        if (resource.instant()) {
            send(exchange, answer(resource, request));
            return;
        }
        if (closing) {
            throw closing();
        }
        if (!resource.probe()) {
            takePlace(exchange, places);
        }
        if (resource.maxBodyBytes() > 0) {
            takePlace(exchange, bodies);
            exchange.setMaxEntitySize(resource.maxBodyBytes());
        }
        // A Runnable, not a handler: within a handler's call nothing can be read (see RequestBody).
        exchange.dispatch(virtualThreads, () -> run(exchange, resource, request));
    }

    /** Who comes goes before who does not read what it asked for. */
    private void takePlace(HttpServerExchange exchange, Semaphore from) {
        if (!from.tryAcquire() && !(seats.cutUnread() && from.tryAcquire())) {
            throw RefusedException.overloaded();
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

    static RefusedException closing() {
        return new RefusedException(503, "closing", "", "The admin surface closes or moves to another address; try again in a second.");
    }

    /** Edge of the virtual thread: the exchange ends here or it never does. */
    private void run(HttpServerExchange exchange, Resource resource, Request request) {
        try {
            long mostBytes = resource.maxBodyBytes();
            send(exchange, answer(resource, mostBytes == 0 ? request
                : request.with(new RequestBody(exchange.getRequestChannel(), timeFor(mostBytes)))));
        } catch (RuntimeException lastResort) {
            // The resource has answered, so it is the client's or the closing surface's fault.
            LOG.atDebug().addKeyValue("resource", resource.template()).setCause(lastResort).log("an answer was not sent");
            IoUtils.safeClose(exchange.getConnection());
            exchange.endExchange();
        }
    }

    private Reply answer(Resource resource, Request request) {
        try {
            return resource.handle(request);
        } catch (RefusedException refused) {
            return refused.reply();
        } catch (RuntimeException | Error lastResort) {
            if (virtualThreads.isShutdown()) {
                // It was interrupted, which is no defect of it.
                LOG.atDebug().addKeyValue("resource", resource.template()).setCause(lastResort).log("a resource was interrupted");
                return closing().reply();
            }
            LOG.atError().addKeyValue("event", "admin.internal_error").addKeyValue("resource", resource.template()).setCause(lastResort)
                .log("a resource failed");
            return Reply.problem(500, "internal_error", "", "The request failed by a defect; the log has its trace.");
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
        byte[] body = reply.bytes();
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, reply.contentType());
        exchange.setResponseContentLength(body.length);
        exchange.getResponseSender().send(ByteBuffer.wrap(body));
    }

    /** The port tells nothing: it is another at each connection. */
    private static String peer(HttpServerExchange exchange) {
        InetSocketAddress peer = exchange.getSourceAddress();
        // There is none once the connection is gone.
        return peer == null || peer.getAddress() == null ? "" : peer.getAddress().getHostAddress();
    }

    private static String first(HttpServerExchange exchange, HttpString header) {
        String value = exchange.getRequestHeaders().getFirst(header);
        return value == null ? "" : value;
    }
}
