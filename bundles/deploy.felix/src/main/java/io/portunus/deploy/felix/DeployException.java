// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.util.List;

/** A change cannot be made, for reasons that are reported to an operator. */
final class DeployException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Never serialized: it does not leave this bundle. */
    private final transient List<Problem> problems;

    DeployException(List<Problem> problems) {
        super(problems.getFirst().text(), null, false, false);
        this.problems = List.copyOf(problems);
    }

    DeployException(ProblemCode code, String text) {
        this(List.of(Problem.of(code, "", text)));
    }

    List<Problem> problems() {
        return problems;
    }
}
