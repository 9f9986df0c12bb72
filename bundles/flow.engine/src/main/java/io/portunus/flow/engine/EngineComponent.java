// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.KindOwners;
import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.spi.DatagramHandler;
import io.portunus.flow.spi.DatagramInspector;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.FlowRecordSink;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.ListenerFilter;
import io.portunus.flow.spi.Policy;
import io.portunus.flow.spi.StreamLayer;
import io.portunus.flow.spi.TargetSelector;
import io.portunus.flow.spi.Transport;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.Protocol;
import io.portunus.node.api.BundlePart;
import io.portunus.node.api.LivenessCheck;
import io.portunus.node.api.ReadinessCheck;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Wires the {@link Engine} and registers it, so that callers hold the engine itself and not a shell around it. Handlers, inspectors and
 * sinks come and go under it; it is itself cold.
 */
@Capability(namespace = "osgi.service",
    attribute = "objectClass:List<String>=\"io.portunus.flow.api.ForwardingEngine,io.portunus.flow.api.FlowVersions,"
        + "io.portunus.flow.api.KindOwners\"", effective = "active")
@Component(service = { }, immediate = true, configurationPid = {LimitsConfig.PID, TransportConfig.PID},
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class EngineComponent {
    private final DelayThread later = new DelayThread();
    private final Engine engine;
    private final GuardComponent guard;
    private final Owners owners;
    /** As found before the first connection: those that are open later are no less. */
    private final Means means = Means.ofThisProcess();
    private final LoopWatchThread loops;
    private @Nullable ServiceRegistration<?> asEngine;
    private @Nullable ServiceRegistration<KindOwners> asOwners;
    private @Nullable ServiceRegistration<ReadinessCheck> asCheck;
    private @Nullable ServiceRegistration<LivenessCheck> asLife;

    /** Makes an engine that has nothing yet but what was decided before the start: whoever comes first is no sooner than that. */
    @Activate
    public EngineComponent(BundleContext context, @Reference GuardComponent guard, LimitsConfig limits, TransportConfig transport) {
        engine = new Engine(transport.name(), ceilings(limits), InstantSource.system(), System::nanoTime, later, guard.guard());
        guard.changed(engine::barred);
        this.guard = guard;
        engine.partial(transport.start().equals(TransportConfig.PARTIAL));
        engine.installed(Installed.of(context));
        owners = new Owners(engine);
        owners.decide(Owners.parse(Optional.ofNullable(context.getProperty(KindOwners.PROPERTY)).orElse("")));
        loops = new LoopWatchThread(engine.watch());
    }

    /** Offers it, once the first transport was bound. */
    @Activate
    void start(BundleContext context) {
        engine.watch().owners(new CodeOwners(context.getBundle().getSymbolicName(), new BundleHomes(context)));
        loops.start();
        asLife = context.registerService(LivenessCheck.class, new LoopLiveness(engine.watch()), null);
        asCheck = context.registerService(ReadinessCheck.class, new ForwardingReadiness(engine, owners), null);
        asOwners = context.registerService(KindOwners.class, owners, null);
        asEngine = context.registerService(new String[] {ForwardingEngine.class.getName(), FlowVersions.class.getName()}, engine, null);
    }

    private Ceilings ceilings(LimitsConfig config) {
        return new Ceilings(config.max_connections(), config.max_peeks(), config.max_buffer_bytes(), means);
    }

    @Modified
    void modified(LimitsConfig limits, TransportConfig transport) {
        engine.ceilings(ceilings(limits));
        engine.partial(transport.start().equals(TransportConfig.PARTIAL));
        engine.transport(transport.name());
    }

    @Deactivate
    void deactivate() {
        Stream.of(asEngine, asOwners, asCheck, asLife).flatMap(Stream::ofNullable).forEach(ServiceRegistration::unregister);
        guard.changed(() -> { });
        engine.drain(Duration.ZERO);
        loops.close();
        later.close();
    }

    @Reference(service = Transport.class, cardinality = ReferenceCardinality.AT_LEAST_ONE, policy = ReferencePolicy.DYNAMIC)
    void bindTransport(Transport transport, ServiceReference<Transport> reference) {
        comes(transport, new Post(Role.TRANSPORT, transport.name()), reference);
    }

    void unbindTransport(Transport transport) {
        goes(transport);
    }

    @Reference(service = FlowHandler.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindHandler(FlowHandler handler, ServiceReference<FlowHandler> reference) {
        comes(handler, new Post(Role.HANDLER, handler.kind()), reference);
    }

    void unbindHandler(FlowHandler handler) {
        goes(handler);
    }

    @Reference(service = DatagramHandler.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindDatagramHandler(DatagramHandler handler, ServiceReference<DatagramHandler> reference) {
        comes(handler, new Post(Role.HANDLER, handler.kind()), reference);
    }

    void unbindDatagramHandler(DatagramHandler handler) {
        goes(handler);
    }

    @Reference(service = Inspector.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindInspector(Inspector inspector, ServiceReference<Inspector> reference) {
        comes(inspector, Post.inspector(Protocol.TCP, inspector.kind()), reference);
    }

    void unbindInspector(Inspector inspector) {
        goes(inspector);
    }

    @Reference(service = DatagramInspector.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindDatagramInspector(DatagramInspector inspector, ServiceReference<DatagramInspector> reference) {
        comes(inspector, Post.inspector(Protocol.UDP, inspector.kind()), reference);
    }

    void unbindDatagramInspector(DatagramInspector inspector) {
        goes(inspector);
    }

    @Reference(service = TargetSelector.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindSelector(TargetSelector selector, ServiceReference<TargetSelector> reference) {
        comes(selector, Post.TARGETS, reference);
    }

    void unbindSelector(TargetSelector selector) {
        goes(selector);
    }

    @Reference(service = ListenerFilter.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindFilter(ListenerFilter filter, ServiceReference<ListenerFilter> reference) {
        comes(filter, new Post(Role.FILTER, filter.kind()), reference);
    }

    void unbindFilter(ListenerFilter filter) {
        goes(filter);
    }

    @Reference(service = UpstreamHeader.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindHeader(UpstreamHeader header, ServiceReference<UpstreamHeader> reference) {
        comes(header, new Post(Role.HEADER, header.kind()), reference);
    }

    void unbindHeader(UpstreamHeader header) {
        goes(header);
    }

    @Reference(service = Policy.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindPolicy(Policy policy, ServiceReference<Policy> reference) {
        comes(policy, Post.policy(policy.kind()), reference);
    }

    void unbindPolicy(Policy policy) {
        goes(policy);
    }

    @Reference(service = StreamLayer.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindLayer(StreamLayer layer, ServiceReference<StreamLayer> reference) {
        comes(layer, Post.layer(layer.kind()), reference);
    }

    void unbindLayer(StreamLayer layer) {
        goes(layer);
    }

    /** Takes a service that its bundle declares. */
    private void comes(Object service, Post post, ServiceReference<?> reference) {
        Bundle bundle = reference.getBundle();
        if (!Installed.declared(bundle).contains(post.offer())) {
            owners.stray(service, new KindOwners.Undeclared(bundle.getSymbolicName(), bundle.getVersion().toString(), post.offer()));
            return;
        }
        int rank = reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer given ? given : 0;
        engine.comes(service,
            new Provider.Origin(post, bundle.getSymbolicName(), bundle.getVersion().toString(), rank));
    }

    private void goes(Object service) {
        if (!owners.strayed(service)) {
            engine.goes(service);
        }
    }

    @Reference(service = FlowRecordSink.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindSink(FlowRecordSink sink, ServiceReference<FlowRecordSink> reference) {
        Bundle its = reference.getBundle();
        BundlePart part = new BundlePart(its.getSymbolicName(), its.getVersion().toString(), "record sink");
        if (guard.own(its)) {
            engine.sink(sink, part);
        } else {
            engine.foreignSink(sink, part);
        }
    }

    void unbindSink(FlowRecordSink sink) {
        engine.sinkGone(sink);
    }
}
