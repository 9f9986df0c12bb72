// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.Locale;

/** Who may pass: the checks of host, origin and token. Immutable. */
final class Gate {
    private final AdminToken token;
    private final HostCheck hosts;

    Gate(AdminToken token, HostCheck hosts) {
        this.token = token;
        this.hosts = hosts;
    }

    /**
     * Whether the request means this node. One of HTTP/1.0 that names no host comes from no browser, so there is no page behind it.
     *
     * @param open whether the resource is given without the token
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

    void checkToken(HttpServerExchange exchange) {
        if (token.opens(only(exchange, Headers.AUTHORIZATION))) {
            return;
        }
        exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
        throw new RefusedException(401, "unauthenticated", "",
            "Send the header 'Authorization: Bearer' with the token of the file admin.token in the state directory.");
    }

    /** The value of a header that is there once, else empty. */
    private static String only(HttpServerExchange exchange, HttpString header) {
        HeaderValues values = exchange.getRequestHeaders().get(header);
        return values != null && values.size() == 1 ? values.getFirst() : "";
    }
}
