// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Micrometer's meters of this JVM and process, in a registry of their own. Thread-safe. */
final class ProcessMeters implements AutoCloseable {
    private final PrometheusRegistry families = new PrometheusRegistry();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, families, Clock.SYSTEM);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    ProcessMeters() {
        registry.config().meterFilter(new CustomaryNames());
        new JvmInfoMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collections.bindTo(registry);
        FunctionCounter.builder(CustomaryNames.PROCESSOR_TIME, ManagementFactory.getPlatformMBeanServer(), ProcessMeters::processorSeconds)
            .baseUnit("seconds").description("Processor time that the process has used.").register(registry);
    }

    /** 0 where the JVM does not tell. */
    private static double processorSeconds(MBeanServer beans) {
        try {
            Object nanos = beans.getAttribute(new ObjectName("java.lang:type=OperatingSystem"), "ProcessCpuTime");
            return Math.max(0, ((Number) nanos).longValue()) / 1e9;
        } catch (JMException unknown) {
            return 0;
        }
    }

    MetricSnapshots scrape() {
        return families.scrape();
    }

    @Override
    public void close() {
        // First the listeners on the collectors' beans, which otherwise keep this bundle's classes alive.
        collections.close();
        registry.close();
    }
}
