// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.PartReadiness;
import io.portunus.node.api.ReadinessCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET /readyz}: whether every expected part is there and none has a problem, and which pump moves bulk: {@code pump} is a name, or
 * {@code copy} with the reason in {@code pump_problem}, which keeps no node from being ready. Neither does what a part calls degraded.
 */
final class ReadyResource implements Resource {
    private final Parts parts;

    ReadyResource(Parts parts) {
        this.parts = parts;
    }

    @Override
    public String template() {
        return "/readyz";
    }

    @Override
    public Optional<Right> right() {
        return Optional.empty();
    }

    @Override
    public boolean anyHost() {
        return true;
    }

    @Override
    public boolean probe() {
        return true;
    }

    @Override
    public Reply handle(Request request) {
        List<PartReadiness> found = parts.readiness();
        List<CheckBody> checks = new ArrayList<>();
        for (String expected : ReadinessCheck.EXPECTED) {
            if (found.stream().noneMatch(c -> c.name().equals(expected))) {
                checks.add(body(expected, List.of(Problem.of(ProblemCode.COMPONENT_MISSING, expected,
                    "The part '" + expected + "' is not running; the log and the shell's command health say what it lacks.")),
                    List.of()));
            }
        }
        found.forEach(part -> checks.add(body(part.name(), part.problems(), part.degraded())));
        boolean ready = checks.stream().allMatch(CheckBody::ready);
        if (!request.sender().meant()) {
            // Problems name rules and targets, which are not for a page that has its own name point here.
            return Json.reply(ready ? 200 : 503, Map.of("ready", ready));
        }
        boolean degraded = checks.stream().anyMatch(c -> !c.degraded().isEmpty());
        return Json.reply(ready ? 200 : 503, new ReadyBody(ready, degraded, checks, Pumps.name(parts), Pumps.problem(parts)));
    }

    private static CheckBody body(String name, List<Problem> problems, List<Problem> degraded) {
        return new CheckBody(name, problems.isEmpty(), ProblemBody.of(problems), ProblemBody.of(degraded));
    }

    private record ReadyBody(boolean ready, boolean degraded, List<CheckBody> checks, String pump, Optional<ProblemBody> pumpProblem) {
    }

    private record CheckBody(String name, boolean ready, List<ProblemBody> problems, List<ProblemBody> degraded) {
    }
}
