// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.api.TargetView.Change;
import io.portunus.flow.api.TargetView.Counts;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The state of one target as values of the JDK, and back. Timestamps are given as nanoseconds before or after now, wall times as
 * milliseconds. A key that is missing or of another type means that nothing is known of it. Immutable.
 *
 * @param rule id of the rule
 * @param target the target as the rule has it; of a host of a service the service, {@value #OF_SERVICE}, and the host and its port
 * @param health its health
 * @param counts its counts, of which the live connections stay behind
 * @param drained whether an operator drained it
 */
record HandedOver(String rule, String target, Health health, Counts counts, boolean drained) {
    /** Stands between a service and its host. */
    static final String OF_SERVICE = "/";
    private static final int MAX_FAILURES = 1000;

    static Map<String, Object> give(TargetState state, long now) {
        Health health = state.health();
        Counts counts = state.counts();
        Map<String, Object> plain = new LinkedHashMap<>();
        plain.put("rule", state.rule().idText());
        plain.put("target", state.fullText());
        plain.put("drained", state.drainedByOperator());
        plain.put("flows_down", health.flows().down());
        plain.put("failed_ago", health.flows().failedAt().stream().map(at -> now - at).toList());
        plain.put("successes", health.flows().successes());
        plain.put("trial_in", health.flows().trial().dueNanos() - now);
        plain.put("trial_wait", health.flows().trial().waitNanos());
        plain.put("probe_down", health.probe().down());
        plain.put("probe_run", health.probe().run());
        plain.put("hosts_down", health.hostsDown());
        plain.put("reason", health.standing().reason());
        plain.put("since", health.standing().since().toEpochMilli());
        health.standing().backNanos().ifPresent(back -> plain.put("back_ago", now - back));
        plain.put("history", health.standing().history().stream()
            .map(change -> Map.of("at", change.at().toEpochMilli(), "healthy", change.healthy(), "reason", change.reason())).toList());
        plain.put("connections", counts.connections());
        plain.put("failures", counts.failures());
        plain.put("flips", counts.flips());
        plain.put("probes", counts.probes());
        plain.put("probe_failures", counts.probeFailures());
        return plain;
    }

    static HandedOver take(Map<?, ?> plain, Timestamp now) {
        ByFlows flows = new ByFlows(flag(plain, "flows_down"),
            list(plain, "failed_ago", ago -> now.nanos() - (ago instanceof Number number ? number.longValue() : 0)),
            (int) number(plain, "successes", 0),
            new Trial(now.nanos() + number(plain, "trial_in", 0), number(plain, "trial_wait", 0), false));
        ByProbe probe = new ByProbe(flag(plain, "probe_down"), (int) number(plain, "probe_run", 0));
        OptionalLong back = plain.containsKey("back_ago") ? OptionalLong.of(now.nanos() - number(plain, "back_ago", 0)) : OptionalLong.empty();
        Standing standing = new Standing(text(plain, "reason"), time(plain, "since", now), back,
            list(plain, "history", entry -> entry instanceof Map<?, ?> change
                ? new Change(time(change, "at", now), flag(change, "healthy"), text(change, "reason")) : new Change(now.at(), true, "")));
        Counts counts = new Counts(0, number(plain, "connections", 0), number(plain, "failures", 0), number(plain, "flips", 0),
            number(plain, "probes", 0), number(plain, "probe_failures", 0));
        Health health = new Health(flows, probe, flag(plain, "hosts_down"), standing);
        return new HandedOver(text(plain, "rule"), text(plain, "target"), health, counts, flag(plain, "drained"));
    }

    /** Whether it is a host of a service. */
    boolean ofService() {
        return target.contains(OF_SERVICE);
    }

    /** The target of the rule. */
    String owner() {
        return ofService() ? target.substring(0, target.indexOf(OF_SERVICE)) : target;
    }

    /** The host of a service, and its port. */
    String host() {
        return target.substring(target.indexOf(OF_SERVICE) + 1);
    }

    /** The rule's number; empty if it is none. */
    OptionalLong ruleId() {
        return rule.matches("[0-9]{1,19}") ? OptionalLong.of(Long.parseUnsignedLong(rule)) : OptionalLong.empty();
    }

    private static boolean flag(Map<?, ?> plain, String key) {
        return Boolean.TRUE.equals(plain.get(key));
    }

    private static long number(Map<?, ?> plain, String key, long otherwise) {
        return plain.get(key) instanceof Number number ? number.longValue() : otherwise;
    }

    private static String text(Map<?, ?> plain, String key) {
        return plain.get(key) instanceof String text ? text : "";
    }

    private static Instant time(Map<?, ?> plain, String key, Timestamp now) {
        return plain.get(key) instanceof Number millis ? Instant.ofEpochMilli(millis.longValue()) : now.at();
    }

    private static <T> List<T> list(Map<?, ?> plain, String key, Function<Object, T> reader) {
        return plain.get(key) instanceof List<?> entries ? entries.stream().limit(MAX_FAILURES).map(reader).toList() : List.of();
    }
}
