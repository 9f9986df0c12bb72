// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.Credentials;
import io.portunus.admin.api.Principal;
import io.portunus.admin.api.RefusedException;
import io.portunus.admin.api.Request;
import io.portunus.model.ProblemCode;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request on its way, as Undertow has it, and who may answer it. Confined to one thread at a time.
 *
 * @param exchange Undertow's part
 * @param matches whoever has its path
 * @param match who serves it, if its method is one that is served
 * @param absent who served its path until a moment ago, if nobody has it now
 */
record Visit(HttpServerExchange exchange, List<Router.Candidate> matches, Optional<Router.Candidate> match, Optional<Claim> absent) {
    static Visit of(HttpServerExchange exchange, Roster roster) {
        String path = path(exchange);
        List<Router.Candidate> matches = roster.router().at(path);
        return new Visit(exchange, matches, Router.forMethod(matches, exchange.getRequestMethod().toString()),
            matches.isEmpty() ? roster.absences().at(path) : Optional.empty());
    }

    /** The path, decoded. One with parameters of its own is nobody's, so it stays as it came. */
    private static String path(HttpServerExchange exchange) {
        return exchange.getRequestURI().indexOf(';') < 0 ? exchange.getRequestPath() : exchange.getRequestURI();
    }

    /** Whether it asks which methods there are. */
    boolean asksMethods() {
        return exchange.getRequestMethod().equals(Methods.OPTIONS) && !matches.isEmpty();
    }

    /** Whether anybody gets an answer: without a right to what is there, no answer discloses what is not. */
    boolean open() {
        return match.map(m -> m.claim().open()).or(() -> absent.map(Claim::open))
            .orElse(!matches.isEmpty() && matches.stream().allMatch(m -> m.claim().open()));
    }

    /** Whether it is given by whatever host name. */
    boolean anyHost() {
        List<Router.Candidate> asked = match.map(List::of).orElse(matches);
        return !asked.isEmpty() && asked.stream().allMatch(m -> m.claim().open() && m.claim().terms().anyHost());
    }

    /** Most bytes of its body. */
    long maxBodyBytes() {
        return match.map(m -> m.claim().terms().maxBodyBytes()).orElse(0L);
    }

    /** What it brings to prove who makes it. */
    Credentials credentials() {
        return Gate.credentials(exchange, peer());
    }

    /**
     * What its resource sees of it.
     *
     * @throws RefusedException if a parameter is unknown or given twice
     */
    Request request(Router.Candidate its, boolean meant, Optional<Principal> principal) {
        Request.Sender sender = new Request.Sender(first(Headers.ACCEPT), first(Headers.CONTENT_TYPE), first(Headers.IF_NONE_MATCH), peer(), meant);
        // A file is the same whatever follows its name; pages add numbers there, to get past what a browser kept.
        Map<String, String> parameters = its.claim().prefix() ? Map.of() : parameters(its.claim().terms());
        return new Request(its.variables(), parameters, sender, principal, InputStream.nullInputStream());
    }

    private Map<String, String> parameters(Claim.Terms terms) {
        Map<String, String> parameters = new HashMap<>();
        for (Map.Entry<String, Deque<String>> given : exchange.getQueryParameters().entrySet()) {
            String name = given.getKey();
            if (!terms.parameters().contains(name)) {
                throw RefusedException.parameter(ProblemCode.UNKNOWN_KEY.code(), name, "The resource has no such parameter.");
            }
            if (given.getValue().size() != 1) {
                throw RefusedException.parameter(ProblemCode.CONFLICTING_KEYS.code(), name, "The parameter may be given once.");
            }
            parameters.put(name, given.getValue().getFirst());
        }
        return parameters;
    }

    /** Why nobody answers it. */
    RefusedException unanswered() {
        if (absent.isPresent()) {
            return ForeignCalls.gone();
        }
        if (matches.isEmpty()) {
            return new RefusedException(404, "not_found", "", "There is no such resource.");
        }
        String allow = Router.allow(matches);
        return new RefusedException(405, "method_not_allowed", "", "The resource takes " + allow + ", not " + exchange.getRequestMethod() + ".")
            .with(Headers.ALLOW_STRING, allow);
    }

    /** The peer's address. The port identifies nobody: it is another at each connection. */
    private String peer() {
        InetSocketAddress peer = exchange.getSourceAddress();
        // There is none once the connection is gone.
        return peer == null || peer.getAddress() == null ? "" : peer.getAddress().getHostAddress();
    }

    private String first(HttpString header) {
        String value = exchange.getRequestHeaders().getFirst(header);
        return value == null ? "" : value;
    }
}
