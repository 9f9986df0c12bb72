// SPDX-License-Identifier: Apache-2.0
package com.example.crowd;

import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Looks whether the policy has the name that rules use. A bundle that offers this service can be replaced while the node forwards. */
@Component
public final class CrowdSelfCheck implements SelfCheck {
    /** Needs nothing. */
    @Activate
    public CrowdSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        return new CrowdPolicy().kind().equals(CrowdPolicy.KIND) ? List.of()
            : List.of(Problem.of(SelfCheck.FAILED, "kind", "the policy has another name"));
    }
}
