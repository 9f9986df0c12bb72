// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.HeldBack;
import io.portunus.flow.api.LimitCounts;
import io.portunus.flow.api.LimitView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** {@code GET /v1/limits}: what policies limit, how much of it is used, and what became of flows there, if wanted of one rule. */
final class LimitsResource implements Resource {
    private static final double MILLIS = 1000;

    private final Parts parts;

    LimitsResource(Parts parts) {
        this.parts = parts;
    }

    @Override
    public String template() {
        return "/v1/limits";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.RULES_READ);
    }

    @Override
    public Set<String> parameters() {
        return Set.of(RuleFilter.NAME);
    }

    @Override
    public Reply handle(Request request) {
        List<LimitView> limits = parts.engine().orElseThrow(() -> Parts.missing("forwarding")).policyLimits();
        return Json.reply(new LimitsBody(RuleFilter.of(request, parts, limits, its -> its.ofRule() ? its.name() : "").stream()
            .map(LimitBody::of).toList()));
    }

    private record LimitsBody(List<LimitBody> limits) {
    }

    private record LimitBody(String policy, String scope, String name, Optional<String> ruleId, Map<String, Object> set, Map<String, Long> use,
            Map<String, Long> refused, Optional<RefusalBody> lastRefusal, double heldBackInSecs, double heldBackOutSecs, long droppedIn,
            long droppedOut) {
        static LimitBody of(LimitView limit) {
            LimitCounts counts = limit.counts();
            HeldBack held = counts.heldBack();
            return new LimitBody(limit.policy(), limit.scope(), limit.name(), Optional.of(limit.ruleId()).filter(id -> !id.isEmpty()),
                new TreeMap<>(limit.set()), new TreeMap<>(limit.use()), byCode(counts.refused()), counts.last().map(RefusalBody::of),
                seconds(held.in()), seconds(held.out()), counts.droppedIn(), counts.droppedOut());
        }

        private static Map<String, Long> byCode(Map<CloseReason, Long> refused) {
            Map<String, Long> sorted = new TreeMap<>();
            refused.forEach((reason, count) -> sorted.put(reason.code(), count));
            return sorted;
        }
    }

    static double seconds(Duration time) {
        return time.toMillis() / MILLIS;
    }

    private record RefusalBody(Instant at, String client, String reason) {
        static RefusalBody of(LimitCounts.Refusal refusal) {
            return new RefusalBody(refusal.at(), refusal.client(), refusal.reason().code());
        }
    }
}
