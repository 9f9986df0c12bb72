// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.HeldBack;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** {@code GET /v1/flows}: live flows, oldest first, if wanted of one rule. */
final class FlowsResource implements Resource {
    /** Flows of one answer unless the request sets another limit. */
    static final int DEFAULT_LIMIT = 1_000;
    /** Most flows of one answer; at some 400 bytes each this bounds the body at 4 MB. */
    static final int MAX_LIMIT = 10_000;

    private final Parts parts;

    FlowsResource(Parts parts) {
        this.parts = parts;
    }

    @Override
    public String template() {
        return "/v1/flows";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.FLOWS_READ);
    }

    @Override
    public Set<String> parameters() {
        return Set.of(RuleFilter.NAME, "limit");
    }

    @Override
    public Reply handle(Request request) {
        int limit = request.number("limit", 1, MAX_LIMIT).orElse(DEFAULT_LIMIT);
        List<FlowView> flows = parts.engine().orElseThrow(() -> Parts.missing("forwarding")).flows();
        List<FlowView> wanted = RuleFilter.of(request, parts, flows, FlowView::rule);
        return Json.reply(new FlowsBody(wanted.size(), wanted.stream().limit(limit).map(FlowBody::of).toList()));
    }

    /** The flows given, and how many there are in all. */
    private record FlowsBody(int total, List<FlowBody> flows) {
    }

    private record FlowBody(long flowId, String state, Map<String, String> handlers, String listener, String peer, Optional<String> rule,
            Optional<String> serverName, Optional<String> target, Instant openedAt, double ageSecs, long bytesIn, long bytesOut,
            Optional<Double> heldBackInSecs, Optional<Double> heldBackOutSecs) {
        static FlowBody of(FlowView flow) {
            return new FlowBody(flow.id(), flow.state().name().toLowerCase(Locale.ROOT), new TreeMap<>(flow.handlers()), flow.listener(), flow.peer(),
                known(flow.rule()), flow.serverName(), known(flow.target()), flow.openedAt(), flow.age().toMillis() / 1000d,
                flow.bytesIn(), flow.bytesOut(), flow.heldBack().map(HeldBack::in).map(LimitsResource::seconds),
                flow.heldBack().map(HeldBack::out).map(LimitsResource::seconds));
        }

        private static Optional<String> known(String text) {
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        }
    }
}
