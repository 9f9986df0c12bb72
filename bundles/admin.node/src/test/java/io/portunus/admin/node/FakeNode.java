// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.HeldBack;
import io.portunus.flow.api.LimitCounts;
import io.portunus.flow.api.LimitView;
import io.portunus.flow.api.ListenerView;
import io.portunus.flow.api.RuleCounts;
import io.portunus.flow.api.TargetOutlook;
import io.portunus.flow.api.TargetView;
import io.portunus.flow.spi.BulkPath;
import io.portunus.model.ForwardingTable;
import io.portunus.model.HostPattern;
import io.portunus.model.ListenKey;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetAddress;
import io.portunus.node.api.BundleControl;
import io.portunus.node.api.ChangeLog;
import io.portunus.node.api.ConfigReload;
import io.portunus.node.api.MetricsPage;
import io.portunus.node.api.NodeInfo;
import io.portunus.node.api.NodeReadiness;
import io.portunus.node.api.PartReadiness;
import io.portunus.node.api.ReadinessCheck;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.RuleSourceStatus;
import io.portunus.node.api.RuleStatus;
import io.portunus.node.api.RuleTimes;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A node with two rules by name, one plain rule that failed, and two flows; each part can be taken away. */
final class FakeNode implements Parts, ForwardingEngine, RuleCatalog, NodeInfo, MetricsPage {
    Optional<BulkPath> bulk = Optional.empty();
    static final Rule EXACT = rule(-1, "exact", "443", "db.example.com", "10.0.0.1:8443");
    static final Rule WILD = rule(2, "wild", "443", "*.example.com", "10.0.0.2:8443");
    static final Rule PLAIN = rule(3, "plain", "8000-8001", "", "[2001:db8::1]:9000-9001");

    final FakeControl control = new FakeControl();
    volatile boolean there = true;
    volatile String drained = "";
    volatile List<ReadinessCheck> checks = List.of(check(ReadinessCheck.RULES), check(ReadinessCheck.FORWARDING),
        check(ReadinessCheck.DEPLOYMENT));
    /** The check of the surface, which is asked with the others. */
    volatile List<ReadinessCheck> surface = List.of();

    private static Rule rule(long id, String name, String ports, String sni, String target) {
        return Rule.of(id, name, List.of(PortRange.parse(ports)),
            Match.ofSni(sni.isEmpty() ? Optional.empty() : Optional.of(HostPattern.parse(sni))), TargetAddress.parse(target));
    }

    static ReadinessCheck check(String name, Problem... problems) {
        return new ReadinessCheck() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<Problem> problems() {
                return List.of(problems);
            }
        };
    }

    private <T> Optional<T> part(T part) {
        return there ? Optional.of(part) : Optional.empty();
    }

    @Override
    public Optional<ForwardingEngine> engine() {
        return part(this);
    }

    @Override
    public Optional<RuleCatalog> catalog() {
        return part(this);
    }

    @Override
    public Optional<MetricsPage> metrics() {
        return part(this);
    }

    @Override
    public Optional<NodeInfo> node() {
        return part(this);
    }

    @Override
    public Optional<ConfigReload> reload() {
        return part(control);
    }

    @Override
    public Optional<BundleControl> bundles() {
        return part(control);
    }

    @Override
    public Optional<BulkPath> bulkPath() {
        return bulk;
    }

    @Override
    public Optional<ChangeLog> changes() {
        return part(control);
    }

    @Override
    public List<PartReadiness> readiness() {
        return new NodeReadiness().ask(Stream.concat(checks.stream(), surface.stream()).toList());
    }

    @Override
    public List<Problem> apply(ForwardingTable table) {
        throw new AssertionError("the surface applies nothing");
    }

    @Override
    public ForwardingTable table() {
        return ForwardingTable.compile(current().orElseThrow());
    }

    @Override
    public List<ListenerView> listeners() {
        Problem taken = Problem.of(ProblemCode.PORT_IN_USE, "listen *:8000", "another process has the port");
        return List.of(new ListenerView(ListenKey.tcp(Optional.empty(), 443), List.of("exact", "wild"), "xnio", Optional.empty(), Instant.EPOCH),
            new ListenerView(ListenKey.tcp(Optional.empty(), 8000), List.of("plain"), "", Optional.of(taken), Instant.EPOCH));
    }

    @Override
    public Optional<TargetOutlook> outlook(Route route, InetAddress client) {
        return Optional.of(new TargetOutlook(List.of(route.targetText()), false));
    }

    @Override
    public List<TargetView> targets() {
        TargetView.Counts counts = new TargetView.Counts(1, 7, 3, 1, 0, 0);
        List<TargetView.Change> history = List.of(new TargetView.Change(Instant.EPOCH, false, "refused"));
        return List.of(new TargetView("exact", "18446744073709551615", "10.0.0.1:8443", 0, 1, drained.isEmpty() ? TargetView.State.FAILED
                : TargetView.State.DRAINED, "refused", Instant.EPOCH, history, counts, Optional.empty()),
            new TargetView("wild", "2", "10.0.0.2:8443", 0, 1, TargetView.State.HEALTHY, "", Instant.EPOCH, List.of(), counts, Optional.empty()));
    }

    @Override
    public List<LimitView> policyLimits() {
        CloseReason full = new CloseReason("conn_concurrent", CloseReason.Side.SELF, "It is full.");
        LimitCounts counts = new LimitCounts(Map.of(full, 3L), Optional.of(new LimitCounts.Refusal(Instant.EPOCH, "192.0.2.1", full)),
            new HeldBack(Duration.ofMillis(1500), Duration.ZERO), 4, 5);
        return List.of(new LimitView("limits", EXACT.idText(), "rule", "exact", Map.of("concurrent_connections", 2L), Map.of("open", 1L), counts),
            new LimitView("limits", "", "owner", "wild", Map.of(), Map.of(), LimitCounts.NONE));
    }

    @Override
    public boolean drainTarget(String rule, String target, boolean drain) {
        if (!rule.equals("exact") || !target.equals("10.0.0.1:8443")) {
            return false;
        }
        drained = drain ? target : "";
        return true;
    }

    @Override
    public List<FlowView> flows() {
        return List.of(flow(1, "exact"), flow(2, "wild"), flow(3, "exact"));
    }

    private static FlowView flow(long id, String rule) {
        return new FlowView(id, FlowView.State.OPEN, Map.of("io.portunus.flow.tcp", "1.0.0"), "*:443", "192.0.2.1:5000", rule,
            Optional.of("db.example.com"), "10.0.0.1:8443", Instant.EPOCH, Duration.ofMillis(1500), 10, 20,
            id == 1 ? Optional.of(new HeldBack(Duration.ofMillis(250), Duration.ZERO)) : Optional.empty());
    }

    @Override
    public boolean kill(long flowId) {
        return flowId == 1;
    }

    @Override
    public EngineCounts counts() {
        return new EngineCounts(List.of(new RuleCounts("exact", EXACT.idText(), 10, 20, 1, 1, 0, 0, 1, 0, 0, true)), List.of(), 3, 9,
            Map.of(CloseReason.COMPLETED, 6L), 0, new EngineCounts.Capacity(100, 90, 4096, 1 << 20));
    }

    @Override
    public List<Problem> crowded() {
        return List.of();
    }

    @Override
    public List<Problem> lacks() {
        return List.of();
    }

    @Override
    public int drain(Duration atMost) {
        throw new AssertionError("the surface drains nothing");
    }

    @Override
    public Optional<RuleSet> current() {
        return Optional.of(new RuleSet("r1", List.of(EXACT, WILD, PLAIN)));
    }

    @Override
    public List<RuleStatus> statuses() {
        return List.of(new RuleStatus(EXACT, RuleStatus.State.ACTIVE, List.of()),
            new RuleStatus(PLAIN, RuleStatus.State.FAILED, List.of(Problem.of(ProblemCode.PORT_IN_USE, "listen *:8000", "taken"))));
    }

    @Override
    public List<RuleSourceStatus> sources() {
        return List.of(new RuleSourceStatus("file", "r1", 3, 0, Optional.of("r1"), Optional.empty()), new RuleSourceStatus("edge", "r0", 1, 1,
            Optional.of("r0"), Optional.of(Problem.of(ProblemCode.IO_ERROR, "", "it does not answer"))));
    }

    @Override
    public Map<Long, RuleTimes> ruleTimes() {
        return Map.of(EXACT.id(), new RuleTimes(Instant.EPOCH, Instant.EPOCH.plusSeconds(1)));
    }

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
        return Instant.EPOCH;
    }

    @Override
    public Rendered render(String accept) {
        return new Rendered(accept.contains("openmetrics") ? "application/openmetrics-text" : "text/plain", "portunus_up 1\n");
    }
}
