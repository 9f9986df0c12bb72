// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import io.portunus.flow.api.ProviderView;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The parts of the data path that run, by version: what an upgrade is watched by. A version that has gone leaves nothing behind. Kinds of
 * one bundle are added up. Confined to one scrape.
 */
final class ProviderFamilies {
    private final String client;
    private final List<ProviderView> providers;

    private ProviderFamilies(String client, List<ProviderView> providers) {
        this.client = client;
        this.providers = providers;
    }

    static List<MetricSnapshot> of(String client, List<ProviderView> providers) {
        ProviderFamilies page = new ProviderFamilies(client, providers);
        GaugeSnapshot.Builder active = GaugeSnapshot.builder().name("portunus_flow_provider_active")
            .help("Connections that a version of a part of the data path holds now.");
        page.sums(p -> page.labels(p).add("serving", Boolean.toString(p.serving())), ProviderView::active)
            .forEach((labels, sum) -> active.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value((double) sum).build()));
        return List.of(active.build(),
            page.counter("portunus_flow_provider_opened", "Connections that a version of a part of the data path got.", ProviderView::opened),
            page.counter("portunus_flow_provider_faults", "Exceptions that a version of a part of the data path threw.", ProviderView::faults));
    }

    private CounterSnapshot counter(String name, String help, ToLongFunction<ProviderView> value) {
        CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
        sums(this::labels, value)
            .forEach((labels, sum) -> family.dataPoint(CounterDataPointSnapshot.builder().labels(labels).value((double) sum).build()));
        return family.build();
    }

    private Map<Labels, Long> sums(Function<ProviderView, Labels> labels, ToLongFunction<ProviderView> value) {
        Map<Labels, Long> sums = new LinkedHashMap<>();
        providers.forEach(p -> sums.merge(labels.apply(p), value.applyAsLong(p), Long::sum));
        return sums;
    }

    private Labels labels(ProviderView provider) {
        return Labels.of("client", client, "bundle", provider.bundle(), "version", provider.version(),
            "role", provider.role().name().toLowerCase(Locale.ROOT));
    }
}
