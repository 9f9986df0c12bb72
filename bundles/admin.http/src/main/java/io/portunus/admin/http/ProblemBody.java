// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.Problem;
import java.util.List;
import java.util.Optional;

/** A problem as a resource shows it. */
record ProblemBody(String code, Optional<String> path, String message) {
    static ProblemBody of(Problem problem) {
        return new ProblemBody(problem.code().code(), Optional.of(problem.path()).filter(p -> !p.isEmpty()), problem.text());
    }

    static List<ProblemBody> of(List<Problem> problems) {
        return problems.stream().map(ProblemBody::of).toList();
    }
}
