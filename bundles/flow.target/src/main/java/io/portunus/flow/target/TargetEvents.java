// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.model.Rule;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** The log's events of targets. Thread-safe. */
final class TargetEvents {
    private static final Logger LOG = LoggerFactory.getLogger(TargetEvents.class);
    /** A name that fails is logged once in this time, however many flows use it. */
    static final Duration DNS_QUIET = Duration.ofMinutes(1);
    /** Most names whose quiet is remembered; beyond that all are forgotten, which costs a line each. */
    private static final int MAX_NAMES = 8192;

    private final LongSupplier nanos;
    private final Map<String, Long> loggedAt = new ConcurrentHashMap<>();

    TargetEvents(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A target has failed, or is healthy again. */
    void healthChanged(Rule rule, String target, boolean healthy, String reason) {
        of(LOG.atInfo(), rule, target).addKeyValue("event", "rule.target.health_changed").addKeyValue("healthy", healthy)
            .addKeyValue("reason", reason).log(healthy ? "target is healthy again" : "target has failed");
    }

    /** A probe was answered. */
    void probed(Rule rule, String target, ProbeResult result, boolean firstOfRow) {
        if (result.good()) {
            of(LOG.atDebug(), rule, target).addKeyValue("event", "rule.target.probe_ok").log("a probe was answered as it should be");
            return;
        }
        LoggingEventBuilder event = of(firstOfRow ? LOG.atInfo() : LOG.atDebug(), rule, target);
        if (result.equals(ProbeResult.TIMEOUT)) {
            event.addKeyValue("event", "rule.target.probe_timeout").addKeyValue("reason", result.reason()).log("a probe was not answered in time");
        } else {
            event.addKeyValue("event", "rule.target.probe_failed").addKeyValue("reason", result.reason()).log("a probe failed");
        }
    }

    /** The name of a target could not be resolved, or only from an answer that has ended. */
    void dnsFailed(Rule rule, String target, String name, String reason) {
        long now = nanos.getAsLong();
        Long last = loggedAt.get(name);
        if (last != null && now - last < DNS_QUIET.toNanos()) {
            return;
        }
        if (loggedAt.size() >= MAX_NAMES) {
            loggedAt.clear();
        }
        loggedAt.put(name, now);
        of(LOG.atWarn(), rule, target).addKeyValue("event", "rule.dns_failed").addKeyValue("host", name).addKeyValue("reason", reason)
            .log("the name of a target cannot be resolved");
    }

    private static LoggingEventBuilder of(LoggingEventBuilder builder, Rule rule, String target) {
        return builder.addKeyValue("rule", rule.idText()).addKeyValue("name", rule.name()).addKeyValue("target", target);
    }
}
