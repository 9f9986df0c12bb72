// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.KindOwners;
import io.portunus.flow.api.ListenerView;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.api.TargetView;
import io.portunus.flow.api.VersionPin;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.Inspector;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Offer;
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
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;

/** The engine as far as upgrades see it: whoever offers an inspector is a provider; flows are what the test sets. */
final class FakeEngine implements FlowVersions, KindOwners, ForwardingEngine {
    final Map<Long, FlowView> flows = new ConcurrentHashMap<>();
    final Map<String, Map<CloseReason, Long>> closed = new ConcurrentHashMap<>();
    final Map<String, Long> opened = new ConcurrentHashMap<>();
    /** Thrown by the next switch, once. */
    final AtomicReference<@Nullable Error> breaks = new AtomicReference<>();
    final Map<String, Long> faults = new ConcurrentHashMap<>();
    /** Run whenever a bundle offers an inspector. */
    volatile Runnable onComing = () -> { };
    /** Run whenever somebody asks how many flows hold a version that is stopped. */
    volatile Runnable onHeld = () -> { };
    final List<String> settled = new CopyOnWriteArrayList<>();
    final Map<String, String> preferred = new ConcurrentHashMap<>();
    final List<KindOwners.Undeclared> undeclared = new CopyOnWriteArrayList<>();
    /** Rules that need whatever is offered. */
    final List<String> rules = new CopyOnWriteArrayList<>();
    private volatile Map<Offer, String> owners = Map.of();
    private final List<Bundle> present = new CopyOnWriteArrayList<>();
    private volatile List<VersionPin> pins = List.of();

    FakeEngine(BundleContext context) {
        context.addServiceListener(event -> {
            if (List.of((String[]) event.getServiceReference().getProperty("objectClass")).contains(Inspector.class.getName())) {
                Bundle bundle = event.getServiceReference().getBundle();
                if (event.getType() == ServiceEvent.REGISTERED) {
                    present.add(bundle);
                    onComing.run();
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
            Offer offer = offer(bundle);
            String name = bundle.getSymbolicName();
            boolean serves = name.equals(owners.getOrDefault(offer, present.getFirst().getSymbolicName()))
                && version.equals(preferred.getOrDefault(name, present.getFirst().getVersion().toString()));
            views.add(new ProviderView(ProviderView.Role.INSPECTOR, offer.kind(), name, version, serves, active(bundle),
                opened.getOrDefault(version, 0L), closed.getOrDefault(version, Map.of()), Set.of(), faults.getOrDefault(version, 0L), Results.NONE));
        }
        return views;
    }

    private static Offer offer(Bundle bundle) {
        return Offer.declared(bundle.getHeaders("").get(Offer.HEADER)).getFirst();
    }

    /** The version that new flows get. */
    Optional<String> serving() {
        return providers().stream().filter(ProviderView::serving).map(ProviderView::version).findFirst();
    }

    /** Bundles and versions that new flows of a kind get. */
    List<String> serving(String kind) {
        return providers().stream().filter(its -> its.serving() && its.kind().equals(kind)).map(its -> its.bundle() + " " + its.version()).toList();
    }

    @Override
    public Map<Offer, String> owners() {
        return owners;
    }

    @Override
    public void decide(Map<Offer, String> newer) {
        owners = Map.copyOf(newer);
    }

    @Override
    public boolean decide(Map<Offer, String> newer, String bundle, String version) {
        decide(newer);
        return prefer(bundle, version);
    }

    @Override
    public List<KindOwners.Undeclared> undeclared() {
        return undeclared;
    }

    @Override
    public List<String> rulesOn(Offer offer, int most) {
        return rules.stream().limit(most).toList();
    }

    @Override
    public Cancellable watchLoops() {
        return () -> { };
    }

    @Override
    public boolean prefer(String bundle, String version) {
        Error defect = breaks.getAndSet(null);
        if (defect != null) {
            throw defect;
        }
        preferred.put(bundle, version);
        return present.stream().anyMatch(it -> it.getSymbolicName().equals(bundle) && it.getVersion().toString().equals(version));
    }

    @Override
    public void settled(String bundle, String version) {
        settled.add(bundle + " " + version);
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
        onHeld.run();
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
