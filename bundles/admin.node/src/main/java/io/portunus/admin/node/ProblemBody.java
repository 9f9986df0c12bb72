// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.model.Problem;
import io.portunus.model.Problem.Position;
import java.util.List;
import java.util.Optional;

/** A problem as a resource shows it. */
record ProblemBody(String code, Optional<String> path, String message, Optional<Position> position) {
    static ProblemBody of(String code, String path, String message) {
        return new ProblemBody(code, Optional.of(path).filter(p -> !p.isEmpty()), message, Optional.empty());
    }

    static ProblemBody of(Problem problem) {
        ProblemBody body = of(problem.code().code(), problem.path(), problem.text());
        return new ProblemBody(body.code(), body.path(), body.message(), problem.position());
    }

    static List<ProblemBody> of(List<Problem> problems) {
        return problems.stream().map(ProblemBody::of).toList();
    }
}
