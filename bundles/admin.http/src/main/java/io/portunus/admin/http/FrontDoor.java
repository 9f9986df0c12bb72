// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.ProblemCode;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/**
 * What every request passes: deadline, origin, size, token, route, and a place among those at work. Called by the I/O thread; only a
 * resource with a place runs on a virtual thread. Thread-safe.
 */
final class FrontDoor implements HttpHandler {
    /** Requests at work at once, from the first line of a resource to the last byte of its answer; the next is answered 503. */
    static final int MAX_AT_WORK = 32;
    /** Longest that a request may take from its header to the last byte of its answer; then its connection is closed. */
    static final Duration DEADLINE = Duration.ofSeconds(30);
    /** Largest body of a request, though no resource takes one. */
    static final long MAX_ENTITY_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
    private static final HttpString NOSNIFF = new HttpString("X-Content-Type-Options");

    private final Router router;
    private final AdminToken token;
    private final Executor virtualThreads;
    private final Duration deadline;
    private final Semaphore places = new Semaphore(MAX_AT_WORK);

    FrontDoor(Router router, AdminToken token, Executor virtualThreads, Duration deadline) {
        this.router = router;
        this.token = token;
        this.virtualThreads = virtualThreads;
        this.deadline = deadline;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        limitTime(exchange);
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store").put(NOSNIFF, "nosniff");
        try {
            checkOrigin(exchange);
            checkSize(exchange);
            List<Router.Match> matches = router.at(exchange.getRequestPath());
            checkToken(exchange, matches);
            Optional<Router.Match> match = Router.forMethod(matches, exchange.getRequestMethod().toString());
            if (match.isEmpty()) {
                send(exchange, noResource(exchange, matches));
            } else {
                work(exchange, match.get().resource(), request(exchange, match.get()));
            }
        } catch (RefusedException refused) {
            send(exchange, refused.reply());
        }
    }

    private void limitTime(HttpServerExchange exchange) {
        XnioExecutor.Key alarm = exchange.getIoThread().executeAfter(() -> IoUtils.safeClose(exchange.getConnection()),
            deadline.toMillis(), TimeUnit.MILLISECONDS);
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

    private static void checkSize(HttpServerExchange exchange) {
        if (exchange.getRequestContentLength() > MAX_ENTITY_BYTES) {
            // The body is not read, so nothing can follow it on this connection.
            exchange.setPersistent(false);
            throw new RefusedException(413, "payload_too_large", "", "A body has at most " + MAX_ENTITY_BYTES + " bytes.");
        }
    }

    private void checkToken(HttpServerExchange exchange, List<Router.Match> matches) {
        boolean open = !matches.isEmpty() && matches.stream().allMatch(m -> m.resource().open());
        if (open || token.opens(first(exchange, Headers.AUTHORIZATION))) {
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
        return new Request(match.variables(), parameters, first(exchange, Headers.ACCEPT));
    }

    private void work(HttpServerExchange exchange, Resource resource, Request request) {
        if (resource.instant()) {
            send(exchange, answer(resource, request));
            return;
        }
        if (!places.tryAcquire()) {
            throw new RefusedException(503, "overloaded", "", "Too many requests are at work; try again in a second.");
        }
        exchange.addExchangeCompleteListener((done, next) -> {
            places.release();
            next.proceed();
        });
        exchange.dispatch(virtualThreads, working -> send(working, answer(resource, request)));
    }

    private static Reply answer(Resource resource, Request request) {
        try {
            return resource.handle(request);
        } catch (RefusedException refused) {
            return refused.reply();
        } catch (RuntimeException lastResort) {
            LOG.atError().addKeyValue("event", "admin.internal_error").addKeyValue("resource", resource.template()).setCause(lastResort)
                .log("a resource failed");
            return Reply.problem(500, "internal_error", "", "The request failed by a defect; the log has its trace.");
        }
    }

    private static void send(HttpServerExchange exchange, Reply reply) {
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

    private static String first(HttpServerExchange exchange, HttpString header) {
        String value = exchange.getRequestHeaders().getFirst(header);
        return value == null ? "" : value;
    }
}
