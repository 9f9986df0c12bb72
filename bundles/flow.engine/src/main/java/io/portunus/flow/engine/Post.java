// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.spi.ListenerFilter;
import io.portunus.flow.spi.UpstreamPrelude;
import io.portunus.model.Listener;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Protocol;
import java.util.ArrayList;
import java.util.List;

/**
 * Something of which one provider serves.
 *
 * @param role what it is to a flow
 * @param kind its kind
 */
record Post(Role role, String kind) {
    static final Post TCP = handler(Protocol.TCP);
    static final Post TARGETS = new Post(Role.SELECTOR, "targets");
    static final Post PROXY_IN = new Post(Role.FILTER, ListenerFilter.PROXY);
    static final Post PROXY_OUT = new Post(Role.PRELUDE, UpstreamPrelude.PROXY);
    /** Without these nothing is forwarded at all. */
    static final List<Post> ALWAYS = List.of(TCP, TARGETS);

    /** Of a protocol one handler serves, whose kind is the protocol's. */
    static Post handler(Protocol protocol) {
        return new Post(Role.HANDLER, protocol.code());
    }

    static Post inspector(String kind) {
        return new Post(Role.INSPECTOR, kind);
    }

    static Post policy(String kind) {
        return new Post(Role.POLICY, kind);
    }

    /** What has to be there before a connection of a listener is served. */
    static List<Post> neededBy(Listener listener) {
        List<Post> needed = new ArrayList<>(List.of(handler(listener.key().protocol()), TARGETS));
        listener.inspects().forEach(kind -> needed.add(inspector(kind)));
        if (listener.proxyTrust().isPresent()) {
            needed.add(PROXY_IN);
        }
        if (listener.writesProxyHeader()) {
            needed.add(PROXY_OUT);
        }
        listener.policies().forEach(kind -> needed.add(policy(kind)));
        return List.copyOf(needed);
    }

    /** Whether only the rules that name it go without, and are told of it. */
    boolean ofRules() {
        return role == Role.INSPECTOR || role == Role.POLICY;
    }

    /** Whether a listener can serve some of its connections without. */
    boolean dispensable() {
        return role == Role.PRELUDE || ofRules();
    }

    /** That nobody serves it. */
    Problem vacant() {
        return switch (role) {
            case HANDLER -> vacant("flow." + kind, "no handler of " + kind + " flows is running");
            case INSPECTOR -> vacant("flow." + kind, "no inspector of " + kind + " is running");
            case SELECTOR -> vacant("flow.target", "nobody finds targets");
            case FILTER -> vacant("flow.proxyprotocol", "nobody reads the PROXY header that a rule requires");
            case TRANSPORT -> vacant("transport." + kind, "no transport is running");
            case PRELUDE -> vacant("flow.proxyprotocol", "nobody writes the PROXY header that a target wants");
            case POLICY -> vacant("flow.policy", "no policy " + kind + " is running");
        };
    }

    private static Problem vacant(String bundle, String what) {
        return Problem.of(ProblemCode.COMPONENT_MISSING, bundle, what + "; start the bundle " + bundle);
    }
}
