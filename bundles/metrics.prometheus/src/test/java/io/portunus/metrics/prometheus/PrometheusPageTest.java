// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.FlowResults;
import io.portunus.flow.api.FlowTimes;
import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.HeldBack;
import io.portunus.flow.api.LimitCounts;
import io.portunus.flow.api.LimitView;
import io.portunus.flow.api.ListenerCounts;
import io.portunus.flow.api.ListenerView;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.api.RuleCounts;
import io.portunus.flow.api.TargetView;
import io.portunus.flow.api.TimeCounts;
import io.portunus.model.ListenKey;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Rule;
import io.portunus.model.TargetAddress;
import io.portunus.node.api.ConfigReload;
import io.portunus.node.api.MetricsPage.Rendered;
import io.portunus.node.api.NodeInfo;
import io.portunus.node.api.PartReadiness;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.RuleStatus;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrometheusPageTest {
    private static final String WEB = "client=\"edge-1\",owner=\"\",rule=\"18446744073709551615\"";
    private static final RuleCounts PLAIN = new RuleCounts("plain", "7", 10, 20, 1, 3, 4, 5, 0, 0, 0, false);
    private static final RuleCounts NAMED = new RuleCounts("web \"a\"", "18446744073709551615", 1, 2, 0, 9, 0, 0, 6, 2, 1, true);

    private static final List<ListenerView> LISTENERS = List.of(
        new ListenerView(ListenKey.tcp(Optional.empty(), 443), List.of("web"), "fake", Optional.empty(), Instant.EPOCH),
        new ListenerView(ListenKey.tcp(Optional.empty(), 80), List.of("plain"), "", Optional.of(Problem.of(ProblemCode.PORT_IN_USE, "", "taken")),
            Instant.EPOCH));

    private static final CloseReason FULL = new CloseReason("conn_concurrent", CloseReason.Side.SELF, "It is full.");
    private List<LimitView> limits = List.of(limit("limits", "7", "rule", 2), limit("seats", "7", "rule", 5),
        limit("limits", "", "owner", 9));

    private Optional<FlowTimes> times = Optional.of(new FlowTimes(new TimeCounts(List.of(.1, 1d), List.of(2L, 3L, 4L), 7.5),
        new TimeCounts(List.of(1d), List.of(5L, 6L), 100)));
    private static final FlowResults NO_RESULTS = new FlowResults(0, 0, 0, 0, 0, 0, new TimeCounts(List.of(), List.of(0L), 0));
    private NodeState state = new NodeState(Optional.empty(), Optional.empty(), List.of());
    private Optional<EngineCounts> counts = Optional.of(counts(List.of(PLAIN, NAMED)));
    private Optional<List<ProviderView>> providers = Optional.empty();
    private List<TargetView> targets = List.of(target("7", "10.0.0.1:80", TargetView.State.HEALTHY, 1),
        target("7", "10.0.0.2:80", TargetView.State.FAILED, 2), target("8", "10.0.0.3:80", TargetView.State.HEALTHY, 1));
    private Optional<NodeInfo> node = Optional.of(new Node());
    private final PrometheusPage page = new PrometheusPage(
        () -> counts.map(
            c -> some(
                ForwardingEngine.class,
                Map.of("policyLimits", limits, "counts", c, "targets", targets, "listeners", LISTENERS, "times", times, "loops", List.of()))),
        () -> node,
        () -> providers.map(p -> some(FlowVersions.class, Map.of("providers", p))), () -> state);

    @AfterEach
    void close() {
        page.close();
    }

    @Test
    void givesTheCountersOfEachRuleWithTheLabelsOfThePredecessor() {
        Map<String, Double> series = series(page.render("").body());

        assertThat(series).containsEntry("portunus_rule_bytes_in_total{client=\"edge-1\",owner=\"\",rule=\"7\"}", 10d)
            .containsEntry("portunus_rule_bytes_out_total{client=\"edge-1\",owner=\"\",rule=\"7\"}", 20d)
            .containsEntry("portunus_rule_active_connections{client=\"edge-1\",owner=\"\",rule=\"7\"}", 1d)
            .containsEntry("portunus_rule_connections_total{client=\"edge-1\",owner=\"\",rule=\"7\"}", 3d)
            .containsEntry("portunus_rule_dns_failures_total{client=\"edge-1\",owner=\"\",rule=\"7\"}", 4d)
            .containsEntry("portunus_rule_connect_failures_total{client=\"edge-1\",owner=\"\",rule=\"7\"}", 5d)
            .containsEntry("portunus_rule_info{client=\"edge-1\",name=\"web \\\"a\\\"\",rule=\"18446744073709551615\"}", 1d);
    }

    private static LimitView limit(String policy, String rule, String scope, long open) {
        return new LimitView(policy, rule, scope, "a", Map.of(), Map.of("open", open), new LimitCounts(Map.of(FULL, 3L), Optional.empty(),
            new HeldBack(Duration.ofMillis(1500), Duration.ofMillis(250)), 0, 0));
    }

    @Test
    void givesTheLimitsOfRulesWithTheNamesOfThePredecessor() {
        Map<String, Double> series = series(page.render("").body());

        assertThat(series).containsEntry("portunus_rate_limit_reject_total{client=\"edge-1\",owner=\"\",reason=\"conn_concurrent\",rule=\"7\"}", 6d)
            .containsEntry("portunus_rate_limit_throttle_seconds_total{client=\"edge-1\",direction=\"in\",owner=\"\",rule=\"7\"}", 3d)
            .containsEntry("portunus_rate_limit_throttle_seconds_total{client=\"edge-1\",direction=\"out\",owner=\"\",rule=\"7\"}", .5)
            .containsEntry("portunus_rate_limit_active_connections{client=\"edge-1\",owner=\"\",rule=\"7\"}", 5d);
        assertThat(series.keySet()).filteredOn(its -> its.startsWith("portunus_rate_limit")).hasSize(4);
    }

    @Test
    void givesTheTargetsAndTheFailoversOfRulesThatHaveSeveral() {
        Map<String, Double> series = series(page.render("").body());

        assertThat(series).containsEntry("portunus_rule_target_failovers_total{client=\"edge-1\",owner=\"\",rule=\"7\"}", 3d)
            .containsEntry("portunus_target_up{client=\"edge-1\",rule=\"7\",target=\"10.0.0.1:80\"}", 1d)
            .containsEntry("portunus_target_up{client=\"edge-1\",rule=\"7\",target=\"10.0.0.2:80\"}", 0d)
            .containsEntry("portunus_target_failures_total{client=\"edge-1\",rule=\"8\",target=\"10.0.0.3:80\"}", 3d)
            .doesNotContainKey("portunus_rule_target_failovers_total{client=\"edge-1\",owner=\"\",rule=\"8\"}");
    }

    @Test
    void reportsWhatAnOperatorIsWokenFor() {
        Problem broken = Problem.of(ProblemCode.SYNTAX, "", "no TOML");
        Rule web = Rule.of(7, "web", List.of(PortRange.of(80)), Match.ANY, TargetAddress.parse("10.0.0.1:80"));
        List<RuleStatus> statuses = List.of(new RuleStatus(web, RuleStatus.State.FAILED, List.of(broken)));
        ConfigReload.Last last = new ConfigReload.Last(Instant.ofEpochSecond(20), Instant.ofEpochSecond(10), List.of(broken, broken));
        state = new NodeState(Optional.of(some(RuleCatalog.class, Map.of("statuses", statuses))),
            Optional.of(some(ConfigReload.class, Map.of("last", Optional.of(last)))), List.of(
                new PartReadiness("rules", List.of(), List.of(broken), false),
                new PartReadiness("forwarding", List.of(broken), List.of(), false)));

        Map<String, Double> series = series(page.render("").body());

        assertThat(series).containsEntry("portunus_config_last_reload_success{client=\"edge-1\"}", 0d)
            .containsEntry("portunus_config_last_reload_timestamp_seconds{client=\"edge-1\"}", 20d)
            .containsEntry("portunus_config_last_reload_success_timestamp_seconds{client=\"edge-1\"}", 10d)
            .containsEntry("portunus_config_problems{client=\"edge-1\"}", 2d)
            .containsEntry("portunus_rules{client=\"edge-1\",state=\"failed\"}", 1d)
            .containsEntry("portunus_rules{client=\"edge-1\",state=\"active\"}", 0d)
            .containsEntry("portunus_rule_up{client=\"edge-1\",owner=\"\",rule=\"7\"}", 0d)
            .containsEntry("portunus_listener_up{client=\"edge-1\",listener=\"*:443\"}", 1d)
            .containsEntry("portunus_listener_up{client=\"edge-1\",listener=\"*:80\"}", 0d)
            .containsEntry("portunus_ready{client=\"edge-1\"}", 0d)
            .containsEntry("portunus_check_ready{check=\"rules\",client=\"edge-1\"}", 1d)
            .containsEntry("portunus_check_ready{check=\"admin\",client=\"edge-1\"}", 0d)
            .containsEntry("portunus_check_degraded{check=\"rules\",client=\"edge-1\"}", 1d);
    }

    /** The three counters of the predecessor are kept for its readers; beside them there is a true histogram. */
    @Test
    void passesPromtoolButForThreeCountersOfThePredecessor() {
        String body = page.render("").body();

        assertThat(Lint.problems(body)).allMatch(problem -> problem.startsWith("portunus_tls_client_hello_peek_duration_seconds_"));
        assertThat(body).contains("# TYPE portunus_tls_hello_peek_seconds histogram", "# TYPE process_cpu_seconds_total counter", "system_cpus ")
            .doesNotContain("process_cpu_time_ns", "system_cpu_count");
        assertThat(series(body).get("process_cpu_seconds_total")).isPositive();
    }

    @Test
    void givesHistogramsOfTimes() {
        Map<String, Double> series = series(page.render("").body());

        assertThat(series).containsEntry("portunus_connect_duration_seconds_bucket{client=\"edge-1\",le=\"1.0\"}", 5d)
            .containsEntry("portunus_connect_duration_seconds_bucket{client=\"edge-1\",le=\"+Inf\"}", 9d)
            .containsEntry("portunus_connect_duration_seconds_sum{client=\"edge-1\"}", 7.5)
            .containsEntry("portunus_connection_life_seconds_count{client=\"edge-1\"}", 11d);
        times = Optional.empty();
        assertThat(page.render("").body()).doesNotContain("portunus_connection_life_seconds");
    }

    @Test
    void givesRoutesByNameOnlyForRulesThatTakePartInIt() {
        Map<String, Double> series = series(page.render("").body());

        assertThat(series)
            .containsEntry("portunus_tls_sni_route_total{client=\"edge-1\",owner=\"\",result=\"exact\",rule=\"18446744073709551615\"}", 6d)
            .containsEntry("portunus_tls_sni_routes_active", 1d).containsKey("portunus_rule_bytes_in_total{" + WEB + "}");
        assertThat(series.keySet()).noneMatch(s -> s.startsWith("portunus_tls_sni_route_total") && s.contains("rule=\"7\""));
    }

    @Test
    void addsUpListenersOfOnePort() {
        Map<String, Double> series = series(page.render("").body());

        assertThat(series).containsEntry("portunus_tls_sni_listener_miss_total{client=\"edge-1\",port=\"443\"}", 2d)
            .containsEntry("portunus_tls_sni_listener_parse_failures_total{client=\"edge-1\",port=\"443\"}", 4d)
            .containsEntry("portunus_tls_sni_peek_capacity_rejections_total{client=\"edge-1\",port=\"443\"}", 6d)
            .containsEntry("portunus_tls_client_hello_peek_duration_seconds_bucket{client=\"edge-1\",port=\"443\",le=\"0.0001\"}", 2d)
            .containsEntry("portunus_tls_client_hello_peek_duration_seconds_bucket{client=\"edge-1\",port=\"443\",le=\"+Inf\"}", 32d)
            .containsEntry("portunus_tls_client_hello_peek_duration_seconds_count{client=\"edge-1\",port=\"443\"}", 32d)
            .containsEntry("portunus_tls_client_hello_peek_duration_seconds_sum{client=\"edge-1\",port=\"443\"}", 3d);
    }

    /** S6. */
    @Test
    void givesTheNodeAndEveryCloseReason() {
        Map<String, Double> series = series(page.render("").body());

        assertThat(series).containsEntry("portunus_process_start_time_seconds{client=\"edge-1\"}", 1000.5)
            .containsEntry("portunus_connections_accepted_total{client=\"edge-1\"}", 12d)
            .containsEntry("portunus_access_records_dropped_total{client=\"edge-1\"}", 8d)
            .containsEntry("portunus_connections_closed_total{client=\"edge-1\",reason=\"killed\"}", 2d)
            .containsEntry("portunus_connections_closed_total{client=\"edge-1\",reason=\"not_tls\"}", 0d)
            .containsEntry("portunus_connections_closed_total{client=\"edge-1\",reason=\"acme.too_fast\"}", 3d);
        assertThat(series.keySet()).anyMatch(s -> s.startsWith("portunus_build_info{") && s.contains("version=\"1.2.3\""));
    }

    @Test
    void givesEachFamilyOneTypeAndOneHelp() {
        List<String> types = page.render("").body().lines().filter(l -> l.startsWith("# TYPE ")).toList();
        List<String> helps = page.render("").body().lines().filter(l -> l.startsWith("# HELP ")).map(l -> l.split(" ")[2]).toList();

        assertThat(types).doesNotHaveDuplicates().contains("# TYPE portunus_rule_bytes_in_total counter",
            "# TYPE portunus_rule_active_connections gauge", "# TYPE portunus_tls_sni_route_total counter",
            "# TYPE portunus_tls_client_hello_peek_duration_seconds_bucket counter",
            "# TYPE portunus_tls_client_hello_peek_duration_seconds_sum counter",
            "# TYPE portunus_tls_client_hello_peek_duration_seconds_count counter", "# TYPE portunus_tls_sni_routes_active gauge",
            "# TYPE portunus_build_info gauge");
        assertThat(helps).doesNotHaveDuplicates().hasSameSizeAs(new HashSet<>(types));
    }

    @Test
    void forgetsRulesThatHaveGone() {
        targets = List.of();
        limits = List.of();
        counts = Optional.of(counts(List.of(NAMED)));

        assertThat(page.render("").body()).doesNotContain("rule=\"7\"").contains(WEB.substring(WEB.indexOf("rule=")));
    }

    @Test
    void givesWhatEachVersionOfAHandlerCarries() {
        providers = Optional.of(List.of(
            new ProviderView(ProviderView.Role.HANDLER, "tcp", "io.portunus.flow.tcp", "0.1.0", false, 3, 10, Map.of(), Set.of(), 0, NO_RESULTS),
            new ProviderView(ProviderView.Role.HANDLER, "tcp", "io.portunus.flow.tcp", "0.1.1", true, 4, 5, Map.of(), Set.of(), 1, NO_RESULTS),
            new ProviderView(ProviderView.Role.INSPECTOR, "tls", "io.portunus.flow.tls", "0.1.0", true, 1, 6, Map.of(), Set.of(), 2, NO_RESULTS),
            new ProviderView(ProviderView.Role.INSPECTOR, "quic", "io.portunus.flow.tls", "0.1.0", true, 2, 7, Map.of(), Set.of(), 3, NO_RESULTS)));

        String old = "{bundle=\"io.portunus.flow.tcp\",client=\"edge-1\",role=\"handler\"";
        String tls = "{bundle=\"io.portunus.flow.tls\",client=\"edge-1\",role=\"inspector\"";
        assertThat(series(page.render("").body()))
            .containsEntry("portunus_flow_provider_active" + old + ",serving=\"false\",version=\"0.1.0\"}", 3d)
            .containsEntry("portunus_flow_provider_active" + old + ",serving=\"true\",version=\"0.1.1\"}", 4d)
            .containsEntry("portunus_flow_provider_opened_total" + old + ",version=\"0.1.0\"}", 10d)
            .containsEntry("portunus_flow_provider_faults_total" + old + ",version=\"0.1.1\"}", 1d)
            .containsEntry("portunus_flow_provider_active" + tls + ",serving=\"true\",version=\"0.1.0\"}", 3d)
            .containsEntry("portunus_flow_provider_opened_total" + tls + ",version=\"0.1.0\"}", 13d)
            .containsEntry("portunus_flow_provider_faults_total" + tls + ",version=\"0.1.0\"}", 5d);
    }

    @Test
    void givesOpenMetricsToWhomAsksForIt() {
        Rendered rendered = page.render("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

        assertThat(rendered.contentType()).startsWith("application/openmetrics-text");
        assertThat(rendered.body()).endsWith("# EOF\n").contains("# TYPE portunus_tls_client_hello_peek_duration_seconds histogram");
        assertThat(series(rendered.body())).containsEntry(
            "portunus_tls_client_hello_peek_duration_seconds_bucket{client=\"edge-1\",port=\"443\",le=\"+Inf\"}", 32d);
    }

    @Test
    void givesPlainTextToEveryoneElse() {
        assertThat(page.render("application/vnd.google.protobuf;encoding=delimited").contentType()).startsWith("text/plain; version=0.0.4");
        assertThat(page.render("").body()).doesNotContain("# EOF");
    }

    @Test
    void givesTheProcessAloneWhenThereIsNoEngine() {
        counts = Optional.empty();
        node = Optional.empty();

        List<String> lines = page.render("").body().lines().toList();

        assertThat(lines).noneMatch(l -> l.contains("portunus_")).anyMatch(l -> l.startsWith("jvm_memory_used_bytes{"))
            .anyMatch(l -> l.startsWith("process_uptime_seconds ")).anyMatch(l -> l.startsWith("process_files_open_files "));
    }

    private static EngineCounts counts(List<RuleCounts> rules) {
        ListenerCounts listener = new ListenerCounts(443, 1, 2, 3, 0, LongStream.rangeClosed(1, 16).boxed().toList(), 1.5);
        return new EngineCounts(rules, List.of(listener, listener), 1, 12, Map.of(CloseReason.KILLED, 2L,
            new CloseReason("acme.too_fast", CloseReason.Side.SELF, "The client opens more connections than it may."), 3L), 8,
            new EngineCounts.Capacity(100, 90, 4096, 1 << 20));
    }

    /** A service that has some methods and answers them. */
    private static <T> T some(Class<T> service, Map<String, Object> answers) {
        return service.cast(Proxy.newProxyInstance(service.getClassLoader(), new Class<?>[] {service}, (proxy, method, args) -> {
            assertThat(answers).containsKey(method.getName());
            return answers.get(method.getName());
        }));
    }

    private static TargetView target(String rule, String address, TargetView.State state, long flips) {
        return new TargetView(rule, rule, address, 0, 1, state, "", Instant.EPOCH, List.of(), new TargetView.Counts(1, 2, 3, flips, 5, 6),
            Optional.empty());
    }

    /** Every sample line by its series, labels sorted as the writer sorts them. */
    private static Map<String, Double> series(String body) {
        Map<String, Double> series = new TreeMap<>();
        List<String> samples = body.lines().filter(l -> !l.startsWith("#")).collect(Collectors.toCollection(ArrayList::new));
        IntStream.range(0, samples.size()).forEach(i -> {
            String line = samples.get(i);
            int blank = line.lastIndexOf(' ');
            assertThat(series.put(line.substring(0, blank), Double.valueOf(line.substring(blank + 1)))).isNull();
        });
        return series;
    }

    /** This node. */
    private record Node() implements NodeInfo {
        @Override
        public String label() {
            return "edge-1";
        }

        @Override
        public String version() {
            return "1.2.3";
        }

        @Override
        public Instant startedAt() {
            return Instant.ofEpochMilli(1_000_500);
        }
    }
}
