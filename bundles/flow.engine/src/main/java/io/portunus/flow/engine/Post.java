// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.spi.ListenerFilter;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.Listener;
import io.portunus.model.Offer;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Protocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Something of which one provider serves.
 *
 * @param role what it is to a flow
 * @param kind its kind
 */
record Post(Role role, String kind) {
    static final Post TCP = new Post(Role.HANDLER, Protocol.TCP.code());
    private static final Post UDP = new Post(Role.HANDLER, Protocol.UDP.code());
    static final Post TARGETS = new Post(Role.SELECTOR, "targets");
    static final Post PROXY_IN = new Post(Role.FILTER, ListenerFilter.PROXY);
    static final Post PROXY_OUT = new Post(Role.HEADER, UpstreamHeader.PROXY);
    /** Without these nothing is forwarded at all. */
    static final List<Post> ALWAYS = List.of(TCP, TARGETS);

    /** Of a protocol one handler serves, whose kind is the protocol's; looked for with each connection, so none is made. */
    static Post handler(Protocol protocol) {
        return switch (protocol) {
            case TCP -> TCP;
            case UDP -> UDP;
        };
    }

    /** What recognises a kind among the clients of a protocol. */
    static Post inspector(Protocol protocol, String kind) {
        return switch (protocol) {
            case TCP -> new Post(Role.INSPECTOR, kind);
            case UDP -> new Post(Role.DATAGRAM_INSPECTOR, kind);
        };
    }

    static Post policy(String kind) {
        return new Post(Role.POLICY, kind);
    }

    static Post layer(String kind) {
        return new Post(Role.LAYER, kind);
    }

    /** What has to be there before a connection of a listener is served. */
    static List<Post> neededBy(Listener listener) {
        List<Post> needed = new ArrayList<>(List.of(handler(listener.key().protocol()), TARGETS));
        listener.inspects().forEach(kind -> needed.add(inspector(listener.key().protocol(), kind)));
        if (listener.proxyTrust().isPresent()) {
            needed.add(PROXY_IN);
        }
        if (listener.writesProxyHeader()) {
            needed.add(PROXY_OUT);
        }
        listener.policies().forEach(kind -> needed.add(policy(kind)));
        listener.layers().forEach(kind -> needed.add(layer(kind)));
        return List.copyOf(needed);
    }

    /** What a bundle offers; empty if that is of no role that flows know. */
    static Optional<Post> of(Offer offer) {
        return Arrays.stream(Role.values()).filter(role -> role.code().equals(offer.role())).findFirst().map(role -> new Post(role, offer.kind()));
    }

    /** The same as manifests declare it. */
    Offer offer() {
        return new Offer(role.code(), kind);
    }

    /** Whether only the rules that name it go without, and are reported. */
    boolean ofRules() {
        return ofOthersToo() || role == Role.LAYER;
    }

    /** Whether it looks at what a client sends first. */
    boolean inspects() {
        return role == Role.INSPECTOR || role == Role.DATAGRAM_INSPECTOR;
    }

    /** What it is called where it {@link #inspects}. */
    String inspector() {
        return role == Role.INSPECTOR ? "inspector" : "inspector of datagrams";
    }

    /**
     * Whether flows that have no need of it meet it, too: whatever protocol a connection has, inspectors of its port look at it, and every policy
     * is asked about every flow. Those are better off without one that fails. Who needs it is refused either way.
     */
    boolean ofOthersToo() {
        return inspects() || role == Role.POLICY;
    }

    /** Whether a listener can serve some of its connections without. */
    boolean dispensable() {
        return role == Role.HEADER || ofRules();
    }

    /** What problems blame, {@code "inspector.tls"}. */
    String path() {
        return offer().toString();
    }

    /**
     * That nobody serves it.
     *
     * @param remedy what to do about it, a clause
     */
    Problem missing(String remedy) {
        String what = switch (role) {
            case HANDLER -> "no handler of " + kind + " flows is running";
            case INSPECTOR, DATAGRAM_INSPECTOR -> "no " + inspector() + " of " + kind + " is running";
            case SELECTOR -> "nobody finds targets";
            case FILTER -> "nobody reads the header of the kind " + kind + " that a rule requires";
            case TRANSPORT -> "no transport " + kind + " is running";
            case HEADER -> "nobody writes the header of the kind " + kind + " that a target wants";
            case POLICY -> "no policy " + kind + " is running";
            case LAYER -> "no layer " + kind + " is running";
        };
        return Problem.of(ProblemCode.COMPONENT_MISSING, path(), what + "; " + remedy);
    }
}
