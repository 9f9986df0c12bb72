// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.ProblemCode;
import io.undertow.server.Connectors;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/**
 * What every request passes: route, deadline, host, origin, size, token, and a place among those at work. Called by the I/O thread; only a
 * resource with a place runs on a virtual thread. Thread-safe.
 */
final class FrontDoor implements HttpHandler {
    /** Requests at work at once, from the first line of a resource to the last byte of its answer; the next is answered 503. */
    static final int MAX_AT_WORK = 32;
    /** Longest from a request's header to the last byte of its answer, but for what its resource adds; then its connection is closed. */
    static final Duration DEADLINE = Duration.ofSeconds(30);
    /** Requests with a body at work at once; the next is answered 503. Bounds what they may have on disk, with the bounds of the bodies. */
    static final int MAX_BODIES = 4;
    /** Largest body that a resource without {@link Resource#maxBodyBytes} reads and throws away. */
    static final long MAX_UNREAD_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
    private static final HttpString NOSNIFF = new HttpString("X-Content-Type-Options");

    private final Router router;
    private final AdminToken token;
    private final HostCheck hosts;
    private final ExecutorService virtualThreads;
    private final Duration deadline;
    private final Semaphore places = new Semaphore(MAX_AT_WORK);
    private final Semaphore bodies = new Semaphore(MAX_BODIES);
    // Volatile: written by the thread that closes the surface.
    private volatile boolean closing;

    FrontDoor(Router router, AdminToken token, HostCheck hosts, ExecutorService virtualThreads, Duration deadline) {
        this.router = router;
        this.token = token;
        this.hosts = hosts;
        this.virtualThreads = virtualThreads;
        this.deadline = deadline;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        List<Router.Match> matches = router.at(exchange.getRequestPath());
        Optional<Router.Match> match = Router.forMethod(matches, exchange.getRequestMethod().toString());
        long mostBytes = match.map(m -> m.resource().maxBodyBytes()).orElse(0L);
        limitTime(exchange, timeFor(mostBytes).plus(match.map(m -> m.resource().patience()).orElse(Duration.ZERO)));
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store").put(NOSNIFF, "nosniff");
        try {
            boolean open = !matches.isEmpty() && matches.stream().allMatch(m -> m.resource().open());
            if (!open) {
                hosts.check(only(exchange, Headers.HOST));
            }
            checkOrigin(exchange);
            checkSize(exchange, mostBytes == 0 ? MAX_UNREAD_BYTES : mostBytes);
            if (!open) {
                checkToken(exchange);
            }
            if (match.isEmpty()) {
                send(exchange, noResource(exchange, matches));
            } else {
                work(exchange, match.get().resource(), request(exchange, match.get()));
            }
        } catch (RefusedException refused) {
            send(exchange, refused.reply());
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

    private static void limitTime(HttpServerExchange exchange, Duration atMost) {
        XnioExecutor.Key alarm = exchange.getIoThread().executeAfter(() -> IoUtils.safeClose(exchange.getConnection()),
            atMost.toMillis(), TimeUnit.MILLISECONDS);
        exchange.addExchangeCompleteListener((done, next) -> {
            alarm.remove();
            next.proceed();
        });
    }

    /** A browser names the page a request comes from. A page of another site has no business here, with a token or without. */
    private static void checkOrigin(HttpServerExchange exchange) {
        HeaderValues origins = exchange.getRequestHeaders().get(Headers.ORIGIN);
        if (origins == null) {
            return;
        }
        String host = first(exchange, Headers.HOST).toLowerCase(Locale.ROOT);
        for (String origin : origins) {
            int scheme = origin.indexOf("://");
            String authority = scheme < 0 ? "" : origin.substring(scheme + 3).toLowerCase(Locale.ROOT);
            if (authority.isEmpty() || !authority.equals(host)) {
                throw new RefusedException(403, "csrf_origin_mismatch", "", "The request comes from a page of another site.");
            }
        }
    }

    /** A body says how long it is: of one in chunks Undertow cannot bound the length by resource. */
    private static void checkSize(HttpServerExchange exchange, long mostBytes) {
        if (exchange.getRequestHeaders().contains(Headers.TRANSFER_ENCODING)) {
            exchange.setPersistent(false);
            Connectors.terminateRequest(exchange);
            throw new RefusedException(411, "length_required", "", "Send the body with a Content-Length, not in chunks.");
        }
        if (exchange.getRequestContentLength() > mostBytes) {
            // The body is not read, so nothing can follow it on this connection.
            exchange.setPersistent(false);
            throw new RefusedException(413, "payload_too_large", "", "A body has at most " + mostBytes + " bytes here.");
        }
    }

    private void checkToken(HttpServerExchange exchange) {
        if (token.opens(first(exchange, Headers.AUTHORIZATION))) {
            return;
        }
        exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
        throw new RefusedException(401, "unauthenticated", "",
            "Send the header 'Authorization: Bearer' with the token of the file admin.token in the state directory.");
    }

    private static Reply noResource(HttpServerExchange exchange, List<Router.Match> matches) {
        if (matches.isEmpty()) {
            return Reply.problem(404, "not_found", "", "There is no such resource.");
        }
        String allow = Router.allow(matches);
        return Reply.problem(405, "method_not_allowed", "", "The resource takes " + allow + ", not " + exchange.getRequestMethod() + ".")
            .with(Headers.ALLOW_STRING, allow);
    }

    private static Request request(HttpServerExchange exchange, Router.Match match) {
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
        Request.Sender sender = new Request.Sender(first(exchange, Headers.ACCEPT), first(exchange, Headers.CONTENT_TYPE), peer(exchange));
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
        takePlace(exchange, places);
        if (resource.maxBodyBytes() > 0) {
            takePlace(exchange, bodies);
            exchange.setMaxEntitySize(resource.maxBodyBytes());
        }
        // A Runnable, not a handler: within a handler's call nothing can be read (see RequestBody).
        exchange.dispatch(virtualThreads, () -> run(exchange, resource, request));
    }

    private static void takePlace(HttpServerExchange exchange, Semaphore places) {
        if (!places.tryAcquire()) {
            throw new RefusedException(503, "overloaded", "", "Too many requests are at work; try again in a second.");
        }
        exchange.addExchangeCompleteListener((done, next) -> {
            places.release();
            next.proceed();
        });
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
        if (closing) {
            exchange.setPersistent(false);
        }
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

    /** The value of a header that is there once, else empty. */
    private static String only(HttpServerExchange exchange, HttpString header) {
        HeaderValues values = exchange.getRequestHeaders().get(header);
        return values != null && values.size() == 1 ? values.getFirst() : "";
    }

    private static String first(HttpServerExchange exchange, HttpString header) {
        String value = exchange.getRequestHeaders().getFirst(header);
        return value == null ? "" : value;
    }
}
