// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.ProviderView;
import io.portunus.node.api.BundleView;
import java.util.List;
import org.osgi.framework.Bundle;

/**
 * Who holds a version of a bundle. Thread-safe.
 *
 * @param versions the engine's view of handlers and inspectors
 * @param engine the flows
 * @param ledger the pins
 */
record Holders(FlowVersions versions, ForwardingEngine engine, Ledger ledger) {
    boolean pinned(Bundle bundle) {
        return ledger.pinned(bundle.getSymbolicName(), bundle.getVersion().toString());
    }

    /** Handlers and inspectors of a version. */
    List<ProviderView> providers(Bundle bundle) {
        return versions.providers().stream().filter(provider -> provider.bundle().equals(bundle.getSymbolicName())
            && provider.version().equals(bundle.getVersion().toString())).toList();
    }

    /** Flows that hold a version. Its providers know, and while there are none the flows themselves. */
    long flows(Bundle bundle) {
        List<ProviderView> running = providers(bundle);
        return running.isEmpty() ? versions.held(bundle.getSymbolicName(), bundle.getVersion().toString())
            : running.stream().mapToLong(ProviderView::active).sum();
    }

    /** The oldest of the flows that hold a version. */
    static List<BundleView.Holder> oldest(List<FlowView> flows, Bundle bundle) {
        return flows.stream().filter(flow -> bundle.getVersion().toString().equals(flow.handlers().get(bundle.getSymbolicName())))
            .limit(BundleView.MOST_HOLDERS).map(flow -> new BundleView.Holder(flow.id(), flow.age())).toList();
    }

    /** Ends the flows that a version has forgotten: nobody else would. */
    void endStalled(Bundle bundle) {
        engine.flows().stream().filter(flow -> BakeVerdict.stalled(flow, bundle.getSymbolicName(), bundle.getVersion().toString()))
            .forEach(flow -> versions.end(flow.id(), CloseReason.HANDLER_STALLED));
    }
}
