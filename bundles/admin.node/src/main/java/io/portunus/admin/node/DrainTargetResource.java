// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.RefusedException;
import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.Change;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/**
 * {@code POST /v1/targets/drain}: keeps new flows from a target, which keeps those it has; {@code undrain} gives it some again. The body
 * is an object of {@code rule} and {@code target}, as {@code /v1/targets} has them. A drain is forgotten when the rule changes or the node
 * restarts.
 */
final class DrainTargetResource implements Resource {
    private static final Set<String> FIELDS = Set.of("rule", "target");

    private final boolean drained;
    private final Parts parts;
    private final Clock clock;

    DrainTargetResource(boolean drained, Parts parts, Clock clock) {
        this.drained = drained;
        this.parts = parts;
        this.clock = clock;
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String template() {
        return drained ? "/v1/targets/drain" : "/v1/targets/undrain";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.TARGETS_CHANGE);
    }

    @Override
    public long maxBodyBytes() {
        return TextFields.MAX_BYTES;
    }

    @Override
    public Reply handle(Request request) {
        TextFields fields = TextFields.read(request.body(), FIELDS);
        String rule = fields.needed("rule");
        String target = fields.needed("target");
        boolean found = parts.engine().orElseThrow(() -> Parts.missing("forwarding")).drainTarget(rule, target, drained);
        String result = found ? "done" : ProblemCode.NOT_FOUND.code();
        parts.changes().ifPresent(log -> log.add(new Change(clock.instant(), Caller.of(request), drained ? "target.drain" : "target.undrain",
            rule + " " + target, "", found && drained ? "drained" : "", result)));
        if (!found && !RuleFilter.known(parts, rule)) {
            throw RuleFilter.unknown(rule);
        }
        if (!found) {
            throw new RefusedException(404, ProblemCode.NOT_FOUND.code(), "target",
                "The rule '" + rule + "' has no target '" + target + "'; /v1/targets lists them.");
        }
        return Reply.noContent();
    }
}
