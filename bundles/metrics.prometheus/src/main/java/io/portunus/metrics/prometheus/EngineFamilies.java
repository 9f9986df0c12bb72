// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.DatagramDrop;
import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.ListenerCounts;
import io.portunus.flow.api.RuleCounts;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The engine's counters as metric families. Names, types and labels are the predecessor's where it had the metric, so its dashboards
 * keep working: the label {@code client} is this node, {@code owner} is empty while rules have none. Counter names are given without
 * {@code _total}, which the writer adds. Confined to one scrape.
 */
final class EngineFamilies {
    private final String client;
    private final EngineCounts counts;
    private final List<MetricSnapshot> families = new ArrayList<>();

    private EngineFamilies(String client, EngineCounts counts) {
        this.client = client;
        this.counts = counts;
    }

    static List<MetricSnapshot> of(String client, EngineCounts counts) {
        EngineFamilies page = new EngineFamilies(client, counts);
        page.addRules();
        page.addDatagrams();
        page.addNames();
        page.addListeners();
        page.addNode();
        return List.copyOf(page.families);
    }

    private void addRules() {
        ruleCounter("portunus_rule_bytes_in", "Bytes from clients to targets.", RuleCounts::bytesIn);
        ruleCounter("portunus_rule_bytes_out", "Bytes from targets to clients.", RuleCounts::bytesOut);
        ruleCounter("portunus_rule_connections", "Connections routed to the rule.", RuleCounts::total);
        ruleCounter("portunus_rule_dns_failures", "Failed look-ups of the rule's target.", RuleCounts::dnsFailures);
        ruleCounter("portunus_rule_connect_failures", "Failed connections to the rule's target.", RuleCounts::connectFailures);
        GaugeSnapshot.Builder active = GaugeSnapshot.builder().name("portunus_rule_active_connections").help("Connections open now.");
        InfoSnapshot.Builder info = InfoSnapshot.builder().name("portunus_rule").help("The name of each rule, to join by; always 1.");
        for (RuleCounts rule : counts.rules()) {
            active.dataPoint(gauge(labels(rule), rule.connections()));
            info.dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                .labels(Labels.of("client", client, "rule", rule.ruleId(), "name", rule.rule())).build());
        }
        add(active.build());
        add(info.build());
    }

    private void addDatagrams() {
        List<RuleCounts> rules = counts.rules().stream().filter(RuleCounts::ofDatagrams).toList();
        ruleCounter(rules, "portunus_rule_udp_datagrams_in", "Datagrams from clients to targets.", rule -> rule.datagrams().in());
        ruleCounter(rules, "portunus_rule_udp_datagrams_out", "Datagrams from targets to clients.", rule -> rule.datagrams().out());
        ruleCounter(rules, "portunus_rule_flows_dropped_overflow", "Datagrams dropped because the rule has as many sessions as it may have.",
            rule -> rule.datagrams().dropped(DatagramDrop.OVERFLOW));
        ruleCounter(rules, "portunus_rule_udp_sessions_unreachable", "Sessions ended because their target was found to be unreachable.",
            rule -> rule.datagrams().unreachable());
        GaugeSnapshot.Builder active = GaugeSnapshot.builder().name("portunus_rule_active_flows").help("Sessions of UDP open now.");
        CounterSnapshot.Builder dropped = CounterSnapshot.builder().name("portunus_rule_udp_datagrams_dropped")
            .help("Datagrams that were not forwarded, by cause.");
        for (RuleCounts rule : rules) {
            active.dataPoint(gauge(labels(rule), rule.sessions()));
            for (DatagramDrop why : DatagramDrop.values()) {
                dropped.dataPoint(counter(labels(rule).add("reason", why.code()), rule.datagrams().dropped(why)));
            }
        }
        add(active.build());
        add(dropped.build());
        CounterSnapshot.Builder refused = CounterSnapshot.builder().name("portunus_udp_datagrams_refused")
            .help("Datagrams that began no session, by reason.");
        counts.refusedDatagrams().forEach((reason, count) ->
            refused.dataPoint(counter(Labels.of("client", client, "reason", reason.code()), count)));
        add(refused.build());
    }

    private void addNames() {
        CounterSnapshot.Builder routed = CounterSnapshot.builder().name("portunus_tls_sni_route").help("Connections routed by name.");
        List<RuleCounts> named = counts.rules().stream().filter(RuleCounts::sni).toList();
        for (RuleCounts rule : named) {
            routed.dataPoint(counter(labels(rule).add("result", "exact"), rule.sniExact()));
            routed.dataPoint(counter(labels(rule).add("result", "wildcard"), rule.sniWildcard()));
            routed.dataPoint(counter(labels(rule).add("result", "fallback"), rule.sniFallback()));
        }
        add(routed.build());
        add(GaugeSnapshot.builder().name("portunus_tls_sni_routes_active").help("Rules in force that take part in routing by name.")
            .dataPoint(gauge(Labels.EMPTY, named.size())).build());
    }

    private void addListeners() {
        listenerCounter("portunus_tls_sni_listener_miss", "Hellos that no rule and no fallback took.", ListenerCounts::misses);
        listenerCounter("portunus_tls_sni_listener_parse_failures", "Hellos that were late, broken, or no TLS.",
            ListenerCounts::parseFailures);
        listenerCounter("portunus_tls_sni_peek_capacity_rejections", "Connections ended because too many waited for their hello.",
            ListenerCounts::capacityRejections);
    }

    private void addNode() {
        Labels node = Labels.of("client", client);
        add(GaugeSnapshot.builder().name("portunus_connections_active").help("Connections open now.")
            .dataPoint(gauge(node, counts.active())).build());
        EngineCounts.Capacity capacity = counts.capacity();
        nodeGauge("portunus_connections_limit", "Connections that may be open.", capacity.connections());
        nodeGauge("portunus_rule_connections_limit", "Connections that one rule may have while others forward.", capacity.ofOneRule());
        nodeGauge("portunus_buffered_bytes", "Bytes that are held of what peers sent and that were not delivered.", capacity.bufferedBytes());
        nodeGauge("portunus_buffer_limit_bytes", "Bytes that may be held so.", capacity.bufferBytes());
        add(CounterSnapshot.builder().name("portunus_connections_accepted").help("Connections accepted.")
            .dataPoint(counter(node, counts.accepted())).build());
        add(CounterSnapshot.builder().name("portunus_access_records_dropped")
            .help("Access records that were dropped, for want of room or because they could not be written.")
            .dataPoint(counter(node, counts.recordsDropped())).build());
        CounterSnapshot.Builder closed = CounterSnapshot.builder().name("portunus_connections_closed").help("Connections ended, by reason.");
        // Every known reason from the start: a series that appears with its first event shows no increase to rate().
        Map<CloseReason, Long> reasons = new HashMap<>(counts.closed());
        CloseReason.known().forEach(reason -> reasons.putIfAbsent(reason, 0L));
        reasons.forEach((reason, count) -> closed.dataPoint(counter(node.add("reason", reason.code()), count)));
        add(closed.build());
    }

    private void nodeGauge(String name, String help, long value) {
        add(GaugeSnapshot.builder().name(name).help(help).dataPoint(gauge(Labels.of("client", client), value)).build());
    }

    private void ruleCounter(String name, String help, ToLongFunction<RuleCounts> value) {
        ruleCounter(counts.rules(), name, help, value);
    }

    private void ruleCounter(List<RuleCounts> rules, String name, String help, ToLongFunction<RuleCounts> value) {
        CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
        rules.forEach(rule -> family.dataPoint(counter(labels(rule), value.applyAsLong(rule))));
        add(family.build());
    }

    /** Listeners of one port on several addresses are one series: the label is the port alone. */
    private void listenerCounter(String name, String help, ToLongFunction<ListenerCounts> value) {
        SortedMap<Integer, Long> byPort = new TreeMap<>();
        counts.listeners().forEach(l -> byPort.merge(l.port(), value.applyAsLong(l), Long::sum));
        CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
        byPort.forEach((port, sum) -> family.dataPoint(counter(Labels.of("client", client, "port", Integer.toString(port)), sum)));
        add(family.build());
    }

    private Labels labels(RuleCounts rule) {
        return Labels.of("client", client, "rule", rule.ruleId(), "owner", "");
    }

    private static CounterSnapshot.CounterDataPointSnapshot counter(Labels labels, long value) {
        return CounterSnapshot.CounterDataPointSnapshot.builder().labels(labels).value((double) value).build();
    }

    private static GaugeSnapshot.GaugeDataPointSnapshot gauge(Labels labels, long value) {
        return GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(labels).value((double) value).build();
    }

    private void add(MetricSnapshot family) {
        families.add(family);
    }
}
