// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.ListenerView;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.api.TargetView;
import io.portunus.flow.api.VersionPin;
import io.portunus.flow.spi.Inspector;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;

/** The engine as far as upgrades see it: whoever offers an inspector is a provider; flows are what the test sets. */
final class FakeEngine implements FlowVersions, ForwardingEngine {
    final Map<Long, FlowView> flows = new ConcurrentHashMap<>();
    final Map<String, Map<CloseReason, Long>> closed = new ConcurrentHashMap<>();
    final Map<String, Long> faults = new ConcurrentHashMap<>();
    final Map<String, String> preferred = new ConcurrentHashMap<>();
    private final List<Bundle> present = new CopyOnWriteArrayList<>();
    private volatile List<VersionPin> pins = List.of();

    FakeEngine(BundleContext context) {
        context.addServiceListener(event -> {
            if (List.of((String[]) event.getServiceReference().getProperty("objectClass")).contains(Inspector.class.getName())) {
                Bundle bundle = event.getServiceReference().getBundle();
                if (event.getType() == ServiceEvent.REGISTERED) {
                    present.add(bundle);
                } else if (event.getType() == ServiceEvent.UNREGISTERING) {
                    present.remove(bundle);
                }
            }
        });
    }

    /** Opens a flow that holds a version. */
    long open(String version, FlowView.State state, Duration age) {
        long id = flows.size() + 1L;
        flows.put(id, new FlowView(id, state, Map.of(SampleJar.NAME, version), "*:1", "192.0.2.1:1", "", Optional.empty(), "", Instant.EPOCH, age,
            0, 0));
        return id;
    }

    private long active(Bundle bundle) {
        return flows.values().stream().filter(flow -> bundle.getVersion().toString().equals(flow.handlers().get(bundle.getSymbolicName()))).count();
    }

    @Override
    public List<ProviderView> providers() {
        List<ProviderView> views = new ArrayList<>();
        for (Bundle bundle : present) {
            String version = bundle.getVersion().toString();
            views.add(new ProviderView(ProviderView.Role.INSPECTOR, "sample", bundle.getSymbolicName(), version,
                version.equals(preferred.getOrDefault(bundle.getSymbolicName(), present.getFirst().getVersion().toString())), active(bundle), 0,
                closed.getOrDefault(version, Map.of()), Set.of(), faults.getOrDefault(version, 0L)));
        }
        return views;
    }

    /** The version that new flows get. */
    Optional<String> serving() {
        return providers().stream().filter(ProviderView::serving).map(ProviderView::version).findFirst();
    }

    @Override
    public boolean prefer(String bundle, String version) {
        preferred.put(bundle, version);
        return present.stream().anyMatch(it -> it.getSymbolicName().equals(bundle) && it.getVersion().toString().equals(version));
    }

    @Override
    public List<VersionPin> pins() {
        return pins;
    }

    @Override
    public void pins(List<VersionPin> newer) {
        pins = newer;
    }

    @Override
    public long held(String bundle, String version) {
        return flows.values().stream().filter(flow -> version.equals(flow.handlers().get(bundle))).count();
    }

    @Override
    public int end(String bundle, String version, CloseReason reason) {
        int before = flows.size();
        flows.values().removeIf(flow -> version.equals(flow.handlers().get(bundle)));
        return before - flows.size();
    }

    @Override
    public List<FlowView> flows() {
        return List.copyOf(flows.values());
    }

    @Override
    public List<TargetView> targets() {
        return List.of();
    }

    @Override
    public boolean drainTarget(String rule, String target, boolean drained) {
        return false;
    }

    @Override
    public boolean kill(long flowId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean end(long flowId, CloseReason reason) {
        return Optional.ofNullable(flows.remove(flowId)).isPresent();
    }

    @Override
    public List<Problem> apply(ForwardingTable table) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ForwardingTable table() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ListenerView> listeners() {
        throw new UnsupportedOperationException();
    }

    @Override
    public EngineCounts counts() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Problem> crowded() {
        return List.of();
    }

    @Override
    public List<Problem> lacks() {
        return List.of();
    }

    @Override
    public int drain(Duration atMost) {
        throw new UnsupportedOperationException();
    }
}
