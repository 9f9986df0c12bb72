// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import io.portunus.flow.spi.DatagramListener;
import io.portunus.model.Decision;
import io.portunus.model.Listener;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import java.net.InetAddress;

/**
 * The route of a session as the rules in force have it: who sends on and on would otherwise keep the targets that the rule had when it began. While
 * its rule is gone, or another one takes its client, the route stays as it was. Confined to the session's loop.
 */
final class RouteInForce {
    private final DatagramListener listener;
    private final Prelude prelude;
    private Listener routes;
    private Route route;

    /**
     * Begins with a route.
     *
     * @param listener whose routes led to it
     * @param prelude what they went by
     */
    RouteInForce(Route route, DatagramListener listener, Prelude prelude) {
        this.route = route;
        this.listener = listener;
        this.prelude = prelude;
        this.routes = listener.routes();
    }

    /** The route that the session began with, or was given last. */
    Route last() {
        return route;
    }

    /** The route of a client now; costs a comparison while nothing has changed. */
    @SuppressWarnings("ReferenceEquality")
    Route of(InetAddress client) {
        Listener now = listener.routes();
        if (now != routes) {
            routes = now;
            if (now.route(prelude, client) instanceof Decision.Routed routed && routed.route().rule().id() == route.rule().id()) {
                route = routed.route();
            }
        }
        return route;
    }
}
