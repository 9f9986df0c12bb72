// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.flow.api.TargetView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code GET /v1/targets}: every target with its health, its counters and what is known of its name, if wanted of one rule. */
final class TargetsResource implements Resource {
    private final Parts parts;

    TargetsResource(Parts parts) {
        this.parts = parts;
    }

    @Override
    public String template() {
        return "/v1/targets";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.TARGETS_READ);
    }

    @Override
    public Set<String> parameters() {
        return Set.of(RuleFilter.NAME);
    }

    @Override
    public Reply handle(Request request) {
        List<TargetView> targets = parts.engine().orElseThrow(() -> Parts.missing("forwarding")).targets();
        return Json.reply(new TargetsBody(RuleFilter.of(request, parts, targets, TargetView::rule).stream().map(TargetBody::of).toList()));
    }

    private record TargetsBody(List<TargetBody> targets) {
    }

    private record TargetBody(String rule, String ruleId, String target, int priority, int weight, String state, Optional<String> reason,
            Instant since, List<ChangeBody> history, long active, long connections, long failures, long flips, long probes,
            long probeFailures, Optional<NamesBody> names, Optional<List<HostBody>> hosts) {
        static TargetBody of(TargetView view) {
            TargetView.Counts counts = view.counts();
            return new TargetBody(view.rule(), view.ruleId(), view.target(), view.priority(), view.weight(), view.state().code(),
                known(view.reason()), view.since(), view.history().stream().map(ChangeBody::of).toList(), counts.active(),
                counts.connections(), counts.failures(), counts.flips(), counts.probes(), counts.probeFailures(),
                view.names().map(NamesBody::of),
                Optional.of(view.hosts().stream().map(HostBody::of).toList()).filter(hosts -> !hosts.isEmpty()));
        }

        private static Optional<String> known(String text) {
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        }
    }

    /** A host that a service names now. */
    private record HostBody(String target, int priority, int weight, String state, Optional<String> reason, Instant since,
            List<ChangeBody> history, long active, long connections, long failures, long flips, long probes, long probeFailures,
            Optional<NamesBody> names) {
        static HostBody of(TargetView view) {
            TargetBody all = TargetBody.of(view);
            return new HostBody(all.target(), all.priority(), all.weight(), all.state(), all.reason(), all.since(), all.history(), all.active(),
                all.connections(), all.failures(), all.flips(), all.probes(), all.probeFailures(), all.names());
        }
    }

    private record ChangeBody(Instant at, String to, Optional<String> reason) {
        static ChangeBody of(TargetView.Change change) {
            return new ChangeBody(change.at(), change.healthy() ? "healthy" : "failed", TargetBody.known(change.reason()));
        }
    }

    private record NamesBody(List<String> endpoints, Optional<Instant> validUntil, Optional<String> server, Optional<String> problem) {
        static NamesBody of(TargetView.Resolution names) {
            return new NamesBody(names.endpoints(), names.validUntil(), TargetBody.known(names.server()), TargetBody.known(names.problem()));
        }
    }
}
