// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.Authentication;
import io.portunus.admin.api.Credentials;
import io.portunus.admin.api.Principal;
import io.portunus.admin.api.RefusedException;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Who may pass: the checks of host and origin, and the question who it is. Thread-safe. */
final class Gate {
    private final Roster roster;
    private final HostCheck hosts;

    Gate(Roster roster, HostCheck hosts) {
        this.roster = roster;
        this.hosts = hosts;
    }

    /**
     * Whether the request means this node. One of HTTP/1.0 that names no host comes from no browser, so there is no page behind it.
     *
     * @param open whether what it asks for is given to anybody
     */
    boolean meant(HttpServerExchange exchange, boolean open) {
        boolean nameless = !exchange.getRequestHeaders().contains(Headers.HOST) && !exchange.getRequestHeaders().contains(Headers.ORIGIN);
        return open && nameless || hosts.accepts(only(exchange, Headers.HOST));
    }

    /** A browser names the page a request comes from. A page of another site has no business here, with a token or without. */
    static void checkOrigin(HttpServerExchange exchange) {
        HeaderValues origins = exchange.getRequestHeaders().get(Headers.ORIGIN);
        if (origins == null) {
            return;
        }
        String host = only(exchange, Headers.HOST).toLowerCase(Locale.ROOT);
        for (String origin : origins) {
            int scheme = origin.indexOf("://");
            String authority = scheme < 0 ? "" : origin.substring(scheme + 3).toLowerCase(Locale.ROOT);
            if (authority.isEmpty() || !authority.equals(host)) {
                throw new RefusedException(403, "csrf_origin_mismatch", "", "The request comes from a page of another site.");
            }
        }
    }

    /** What a request brings to prove who makes it. On the I/O thread, before the exchange is somebody else's. */
    static Credentials credentials(HttpServerExchange exchange, String peer) {
        Map<String, String> fields = new HashMap<>();
        for (HeaderValues values : exchange.getRequestHeaders()) {
            if (values.size() == 1) {
                fields.put(values.getHeaderName().toString().toLowerCase(Locale.ROOT), values.getFirst());
            }
        }
        return new Credentials(fields, peer);
    }

    /**
     * Who makes a request. Asks others, so on no I/O thread.
     *
     * @throws RefusedException if nobody knows, somebody refuses, or somebody fails
     */
    Principal principal(Credentials credentials, RequestTime time) {
        List<Doorkeeper> doorkeepers = roster.doorkeepers();
        for (Doorkeeper doorkeeper : doorkeepers) {
            switch (doorkeeper.ask(credentials, time)) {
                case Authentication.Known known -> {
                    return known.principal();
                }
                case Authentication.Refused refused -> throw unauthenticated(refused.sentence(), doorkeepers);
                case Authentication.NoOpinion none -> {
                    // The next may know.
                }
            }
        }
        throw unauthenticated(doorkeepers.isEmpty() ? "Nobody is there who could find out who makes the request; /readyz and the log say why."
            : doorkeepers.stream().map(Doorkeeper::remedy).collect(Collectors.joining(" Or: ")), doorkeepers);
    }

    private static RefusedException unauthenticated(String sentence, List<Doorkeeper> doorkeepers) {
        RefusedException refused = new RefusedException(401, "unauthenticated", "", sentence);
        String challenges = doorkeepers.stream().map(Doorkeeper::challenge).distinct().collect(Collectors.joining(", "));
        return challenges.isEmpty() ? refused : refused.with(Headers.WWW_AUTHENTICATE_STRING, challenges);
    }

    /** Whether who makes a request may do what it asks for. */
    static void checkRight(Principal principal, Claim claim) {
        claim.terms().right().filter(right -> !principal.holds(right)).ifPresent(right -> {
            throw new RefusedException(403, "forbidden", "", "The " + principal.kind() + " '" + principal.name() + "' has not the right '" + right
                + "', which the request needs.");
        });
    }

    /** The value of a header that is there once, else empty. */
    private static String only(HttpServerExchange exchange, HttpString header) {
        HeaderValues values = exchange.getRequestHeaders().get(header);
        return values != null && values.size() == 1 ? values.getFirst() : "";
    }
}
