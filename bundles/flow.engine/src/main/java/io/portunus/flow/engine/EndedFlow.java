// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.model.Prelude;
import io.portunus.model.Protocol;
import io.portunus.model.Route;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The record of a flow: a view of what it has, so that the only thing made for it is the view. Confined to the flow's loop.
 *
 * @param flow the flow, which has ended
 * @param course how far it came
 * @param totalNanos from accept to the end
 * @param reason why it ended
 */
record EndedFlow(Flow flow, Course course, long totalNanos, CloseReason reason) implements FlowRecord {
    @Override
    public long id() {
        return flow.id();
    }

    @Override
    public List<Carrier> handlers() {
        return flow.carriers();
    }

    @Override
    public String listener() {
        return flow.listener().text();
    }

    @Override
    public InetSocketAddress peer() {
        return flow.client();
    }

    @Override
    public Optional<InetSocketAddress> via() {
        return flow.declaredBy();
    }

    @Override
    public String rule() {
        Route found = course.route();
        return found == null ? "" : found.rule().name();
    }

    @Override
    public long ruleId() {
        Route found = course.route();
        return found == null ? 0 : found.rule().id();
    }

    @Override
    public Prelude prelude() {
        return course.seen();
    }

    @Override
    public List<Target> targets() {
        Target taken = course.target();
        Route found = course.route();
        return taken != null ? List.of(taken) : found == null ? List.of() : found.targets();
    }

    @Override
    public Optional<InetSocketAddress> endpoint() {
        return course.endpoint();
    }

    @Override
    public Instant openedAt() {
        return course.openedAt();
    }

    @Override
    public long bytesIn() {
        return course.bytesIn();
    }

    @Override
    public long bytesOut() {
        return course.bytesOut();
    }

    @Override
    public Protocol protocol() {
        return flow.listener().key().protocol();
    }

    @Override
    public long datagramsIn() {
        return course.datagramsIn();
    }

    @Override
    public long datagramsOut() {
        return course.datagramsOut();
    }

    @Override
    public long peekNanos() {
        return course.peekNanos();
    }

    @Override
    public long connectNanos() {
        return course.connectNanos();
    }

    @Override
    public long heldBackInNanos() {
        return course.heldBackInNanos();
    }

    @Override
    public long heldBackOutNanos() {
        return course.heldBackOutNanos();
    }

    @Override
    public long firstByteNanos() {
        return course.firstByteNanos();
    }
}
