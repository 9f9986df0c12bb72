// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.FlowRecordSink;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.Transport;
import io.portunus.node.api.ReadinessCheck;
import java.time.Duration;
import java.time.InstantSource;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
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
import org.osgi.service.metatype.annotations.Designate;

/**
 * Wires the {@link Engine} and registers it, so that callers hold the engine itself and not a shell around it. Handlers, inspectors and
 * sinks come and go under it; it is itself cold.
 */
@Capability(namespace = "osgi.service",
    attribute = "objectClass:List<String>=\"io.portunus.flow.api.ForwardingEngine,io.portunus.flow.api.FlowVersions\"", effective = "active")
@Component(service = { }, immediate = true, configurationPid = LimitsConfig.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = LimitsConfig.class)
public final class EngineComponent {
    private final Engine engine;
    private final int loops;
    private final ServiceRegistration<?> asEngine;
    private final ServiceRegistration<ReadinessCheck> asCheck;

    /** Starts without a table. */
    @Activate
    public EngineComponent(BundleContext context, @Reference Transport transport, LimitsConfig config) {
        this.loops = transport.loops().size();
        engine = new Engine(transport, limits(config), InstantSource.system(), System::nanoTime);
        asCheck = context.registerService(ReadinessCheck.class, new ForwardingReadiness(engine), null);
        asEngine = context.registerService(new String[] {ForwardingEngine.class.getName(), FlowVersions.class.getName()}, engine, null);
    }

    private Limits limits(LimitsConfig config) {
        return Limits.of(config.max_connections(), config.max_peeks(), loops);
    }

    @Modified
    void modified(LimitsConfig config) {
        engine.limits(limits(config));
    }

    @Deactivate
    void deactivate() {
        asEngine.unregister();
        asCheck.unregister();
        engine.drain(Duration.ZERO);
    }

    @Reference(service = FlowHandler.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindHandler(FlowHandler handler, ServiceReference<FlowHandler> reference) {
        engine.handler(handler, reference.getBundle().getSymbolicName(), reference.getBundle().getVersion().toString());
    }

    void unbindHandler(FlowHandler handler) {
        engine.handlerGone(handler);
    }

    @Reference(service = Inspector.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindInspector(Inspector inspector, ServiceReference<Inspector> reference) {
        engine.inspector(inspector, reference.getBundle().getSymbolicName(), reference.getBundle().getVersion().toString());
    }

    void unbindInspector(Inspector inspector) {
        engine.inspectorGone(inspector);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindSink(FlowRecordSink sink) {
        engine.sink(sink);
    }

    void unbindSink(FlowRecordSink sink) {
        engine.sinkGone(sink);
    }
}
