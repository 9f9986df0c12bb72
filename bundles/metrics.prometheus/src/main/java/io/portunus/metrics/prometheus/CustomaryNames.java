// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;

/** Names that Prometheus finds wrong in what Micrometer gives: another in place of each, or none where there is one of ours. Immutable. */
final class CustomaryNames implements MeterFilter {
    /** Seconds, as every exporter gives it: {@code process_cpu_seconds_total}. */
    static final String PROCESSOR_TIME = "process.cpu";

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        return id.getName().equals("process.cpu.time") ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        // "_count" is the end of a histogram's series.
        return id.getName().equals("system.cpu.count") ? id.withName("system.cpus") : id;
    }
}
