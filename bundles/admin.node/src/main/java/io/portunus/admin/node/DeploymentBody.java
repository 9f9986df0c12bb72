// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Reply;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.Deployment;
import java.util.List;

/** What the change of a bundle came to, as a resource shows it. */
record DeploymentBody(boolean done, String bundle, String from, String to, List<String> steps, List<ProblemBody> problems) {
    /** The answer: whether it was done stands in the status, too. */
    static Reply reply(Deployment deployment) {
        return Json.reply(status(deployment), new DeploymentBody(deployment.done(), deployment.bundle(), deployment.from(), deployment.to(),
            deployment.steps(), ProblemBody.of(deployment.problems())));
    }

    private static int status(Deployment deployment) {
        if (deployment.done()) {
            return 200;
        }
        return deployment.problems().isEmpty() ? 422 : status(deployment.problems().getFirst().code());
    }

    private static int status(ProblemCode code) {
        return code.equals(ProblemCode.BUSY) ? 409 : code.equals(ProblemCode.NOT_FOUND) ? 404 : 422;
    }
}
