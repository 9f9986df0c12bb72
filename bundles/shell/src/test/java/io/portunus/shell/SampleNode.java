// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

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
import io.portunus.model.ForwardingTable;
import io.portunus.model.HostPattern;
import io.portunus.model.IpLiterals;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An engine with a few rules and flows. Confined to one test. */
final class SampleNode implements ForwardingEngine {
    static final Rule WEB = rule(1, "web", Optional.of("www.example.com"), 443, "10.0.0.1:8443");
    static final Rule ANY = rule(2, "any", Optional.of("*.example.com"), 443, "10.0.0.2:8443");
    static final Rule REST = rule(3, "rest", Optional.empty(), 443, "10.0.0.3:8443");
    static final Rule LOCAL = Rule.of(4, "local", List.of(new PortRange(5000, 5001)), Match.ANY, TargetAddress.parse("db.example:6000-6001"))
        .withBind(IpLiterals.parse("127.0.0.1"));
    static final RuleSet RULES = new RuleSet("r1", List.of(WEB, ANY, REST, LOCAL));

    private static final Map<String, String> HANDLERS = Map.of("io.portunus.flow.tls", "0.1.1", "io.portunus.flow.tcp", "0.1.0");

    final List<Long> killed = new ArrayList<>();
    final Set<String> drained = new HashSet<>();
    final ForwardingTable table = ForwardingTable.compile(RULES);

    private static Rule rule(long id, String name, Optional<String> sni, int port, String target) {
        return Rule.of(id, name, List.of(PortRange.of(port)), Match.ofSni(sni.map(HostPattern::parse)),
            TargetAddress.parse(target));
    }

    static FlowView flow(long id, String rule, String name) {
        return new FlowView(id, FlowView.State.OPEN, HANDLERS, "*:443", "192.0.2.1:50000", rule, Optional.of(name), "10.0.0.1:8443",
            Instant.EPOCH, Duration.ofSeconds(90), 1536, 10);
    }

    @Override
    public List<Problem> apply(ForwardingTable ignored) {
        return List.of();
    }

    @Override
    public ForwardingTable table() {
        return table;
    }

    @Override
    public List<ListenerView> listeners() {
        return table.listeners().stream().map(l -> new ListenerView(l.key(), l.routes().stream().map(r -> r.rule().name()).sorted().toList(),
            "xnio",
            l.key().port() == 5001 ? Optional.of(Problem.of(ProblemCode.PORT_IN_USE, "listen 127.0.0.1:5001", "taken")) : Optional.empty(),
            Instant.EPOCH)).toList();
    }

    @Override
    public Optional<TargetOutlook> outlook(Route route, InetAddress client) {
        return Optional.of(new TargetOutlook(List.of(route.targetText()), false));
    }

    @Override
    public List<TargetView> targets() {
        TargetView.Counts counts = new TargetView.Counts(2, 7, 1, 1, 0, 0);
        return List.of(
            new TargetView("web", "1", "10.0.0.1:8443", 0, 1, drained.contains("10.0.0.1:8443") ? TargetView.State.DRAINED : TargetView.State.HEALTHY,
                "", Instant.EPOCH, List.of(), counts, Optional.empty()),
            new TargetView("local", "4", "db.example:6000-6001", 1, 2, TargetView.State.FAILED, "refused", Instant.EPOCH, List.of(), counts,
                Optional.of(new TargetView.Resolution(List.of("192.0.2.9"), Optional.empty(), "192.0.2.53:53", "servfail"))));
    }

    @Override
    public List<LimitView> policyLimits() {
        CloseReason rate = new CloseReason("conn_rate", CloseReason.Side.SELF, "It takes no more.");
        CloseReason full = new CloseReason("conn_concurrent", CloseReason.Side.SELF, "It is full.");
        LimitCounts counts = new LimitCounts(Map.of(rate, 3L, full, 0L), Optional.of(new LimitCounts.Refusal(Instant.EPOCH, "192.0.2.1", rate)),
            new HeldBack(Duration.ofMillis(1500), Duration.ZERO), 0, 7);
        return List.of(new LimitView("limits", "1", "rule", "web", Map.of("new_connections_per_sec", 5L, "bandwidth_in_bps", 1000L),
            Map.of("open", 2L), counts), new LimitView("seats", "", "owner", "acme", Map.of("flows", 9L), Map.of(), LimitCounts.NONE));
    }

    @Override
    public boolean drainTarget(String rule, String target, boolean drain) {
        return rule.equals("web") && target.equals("10.0.0.1:8443") && (drain ? drained.add(target) : drained.remove(target));
    }

    @Override
    public List<FlowView> flows() {
        return List.of(flow(1, "web", "www.example.com"), flow(2, "any", "a.example.com"), flow(3, "web", "www.example.com"));
    }

    @Override
    public boolean kill(long flowId) {
        killed.add(flowId);
        return flowId <= 3;
    }

    @Override
    public EngineCounts counts() {
        return new EngineCounts(List.of(new RuleCounts("web", "1", 1536, 10, 2, 7, 0, 0, 7, 0, 0, true)), List.of(), 3, 12,
            Map.of(CloseReason.COMPLETED, 8L, CloseReason.NOT_TLS, 1L), 0, new EngineCounts.Capacity(100, 90, 4096, 1 << 20));
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
        return 0;
    }
}
