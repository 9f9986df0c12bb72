// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ProviderView;
import io.portunus.node.api.PartReadiness;
import java.util.List;
import java.util.Optional;

/**
 * What a bake looks at, at one moment.
 *
 * @param providers every handler and inspector
 * @param flows live flows
 * @param parts what every part of the node answered that was asked whether it is ready
 */
record Sample(List<ProviderView> providers, List<FlowView> flows, List<PartReadiness> parts) {
    Sample {
        providers = List.copyOf(providers);
        flows = List.copyOf(flows);
        parts = List.copyOf(parts);
    }

    /** Whether two providers are versions of the same, or of what takes its place. */
    static boolean same(ProviderView one, ProviderView other) {
        return one.role() == other.role() && one.kind().equals(other.kind());
    }

    /** The same provider at this moment. */
    Optional<ProviderView> same(ProviderView provider) {
        return providers.stream().filter(other -> same(other, provider) && other.bundle().equals(provider.bundle())
            && other.version().equals(provider.version())).findFirst();
    }

    /** Whether a part was well: everybody of that name was there, answered, and had no problem. */
    boolean well(String part) {
        List<PartReadiness> its = parts.stream().filter(one -> one.name().equals(part)).toList();
        return !its.isEmpty() && its.stream().allMatch(one -> one.ready() && !one.failed());
    }

    /** Whether a check of that name failed to answer. */
    boolean failed(String part) {
        return parts.stream().anyMatch(one -> one.name().equals(part) && one.failed());
    }
}
