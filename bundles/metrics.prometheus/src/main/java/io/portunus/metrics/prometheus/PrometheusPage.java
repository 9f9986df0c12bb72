// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.node.api.ConfigReload;
import io.portunus.node.api.MetricsPage;
import io.portunus.node.api.NodeInfo;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The page of all metrics, built anew for each scrape from one {@link EngineCounts}, so its numbers belong together and a rule that has
 * gone leaves nothing behind. Its size is bounded by the number of rules. Thread-safe.
 */
final class PrometheusPage implements MetricsPage, AutoCloseable {
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final ExpositionFormatWriter TEXT_WRITER = PrometheusTextFormatWriter.create();
    private static final ExpositionFormatWriter OPEN_WRITER = OpenMetricsTextFormatWriter.create();

    private final Supplier<Optional<ForwardingEngine>> engine;
    private final Supplier<Optional<NodeInfo>> node;
    private final Supplier<Optional<FlowVersions>> versions;
    private final Supplier<NodeState> state;
    private final ProcessMeters process = new ProcessMeters();

    PrometheusPage(Supplier<Optional<ForwardingEngine>> engine, Supplier<Optional<NodeInfo>> node, Supplier<Optional<FlowVersions>> versions,
            Supplier<NodeState> state) {
        this.engine = engine;
        this.node = node;
        this.versions = versions;
        this.state = state;
    }

    @Override
    public Rendered render(String accept) {
        // The protobuf format is never offered: the page is text, and the wrapped library has no protobuf writer.
        boolean open = open(accept);
        List<MetricSnapshot> families = new ArrayList<>(process.scrape().stream().toList());
        String peeks = node.get().map(n -> addFamilies(families, n, open)).orElse("");
        ExpositionFormatWriter writer = writer(accept);
        return new Rendered(writer.getContentType(), write(writer, families) + peeks);
    }

    private static boolean open(String accept) {
        return accept.toLowerCase(Locale.ROOT).contains(OPEN_METRICS);
    }

    /** What writes the format that is asked for. */
    static ExpositionFormatWriter writer(String accept) {
        return open(accept) ? OPEN_WRITER : TEXT_WRITER;
    }

    /** Adds what is known of node and engine, and returns what only the plain text can hold. */
    private String addFamilies(List<MetricSnapshot> families, NodeInfo info, boolean open) {
        families.addAll(NodeFamilies.of(info));
        addState(families, info.label());
        Optional<EngineCounts> counts = engine.get().map(ForwardingEngine::counts);
        engine.get().ifPresent(e -> families.addAll(LoopFamilies.of(info.label(), e.loops())));
        engine.get().ifPresent(e -> families.addAll(TargetFamilies.of(info.label(), e.targets())));
        engine.get().ifPresent(e -> families.addAll(LimitFamilies.of(info.label(), e.policyLimits())));
        counts.ifPresent(c -> families.addAll(EngineFamilies.of(info.label(), c)));
        versions.get().ifPresent(v -> families.addAll(ProviderFamilies.of(info.label(), v.providers())));
        List<PeekTimes> peeks = counts.map(c -> PeekTimes.byPort(info.label(), c.listeners())).orElse(List.of());
        if (!peeks.isEmpty()) {
            families.add(PeekTimes.histogram(peeks));
        }
        if (open && !peeks.isEmpty()) {
            families.add(PeekTimes.predecessors(peeks));
        }
        return open ? "" : PeekTimes.plainCounters(peeks);
    }

    private void addState(List<MetricSnapshot> families, String client) {
        NodeState now = state.get();
        families.addAll(StateFamilies.readiness(client, now.checks()));
        now.catalog().ifPresent(catalog -> families.addAll(StateFamilies.rules(client, catalog.statuses())));
        now.reload().flatMap(ConfigReload::last).ifPresent(last -> families.addAll(StateFamilies.reload(client, last)));
        engine.get().ifPresent(e -> families.add(StateFamilies.listeners(client, e.listeners())));
        engine.get().flatMap(ForwardingEngine::times).ifPresent(times -> families.addAll(TimeFamilies.of(client, times)));
    }

    static String write(ExpositionFormatWriter writer, List<MetricSnapshot> families) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(out, new MetricSnapshots(families), EscapingScheme.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException("the metrics page could not be written", e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.close();
    }
}
