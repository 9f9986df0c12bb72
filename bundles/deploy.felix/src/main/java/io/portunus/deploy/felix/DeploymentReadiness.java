// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.model.Problem;
import io.portunus.node.api.ReadinessCheck;
import java.util.List;

/** Ready from its registration on, which comes when what the generation names serves. Immutable. */
record DeploymentReadiness() implements ReadinessCheck {
    @Override
    public String name() {
        return DEPLOYMENT;
    }

    @Override
    public List<Problem> problems() {
        return List.of();
    }
}
