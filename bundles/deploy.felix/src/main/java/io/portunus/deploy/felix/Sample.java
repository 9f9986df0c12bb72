// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ProviderView;
import io.portunus.model.Problem;
import java.util.List;
import java.util.Map;

/**
 * What a bake looks at, at one moment.
 *
 * @param providers every handler and inspector
 * @param flows live flows
 * @param readiness problems of every readiness check, by its name
 */
record Sample(List<ProviderView> providers, List<FlowView> flows, Map<String, List<Problem>> readiness) {
    Sample {
        providers = List.copyOf(providers);
        flows = List.copyOf(flows);
        readiness = Map.copyOf(readiness);
    }
}
