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
        FunctionCounter.builder(CustomaryNames.PROCESSOR_TIME, ProcessHandle.current(), ProcessMeters::processorSeconds)
            .baseUnit("seconds").description("Processor time that the process has used.").register(registry);
    }

    /** 0 where the system does not state it. */
    private static double processorSeconds(ProcessHandle process) {
        return process.info().totalCpuDuration().map(time -> time.toNanos() / 1e9).orElse(0d);
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
