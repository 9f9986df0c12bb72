// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.MemoryFlow;
import io.portunus.flow.memory.MemoryLoop;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.flow.memory.SampleFilter;
import io.portunus.flow.memory.SampleInspection;
import io.portunus.flow.spi.ListenerFilter;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.Cidr;
import io.portunus.model.ForwardingTable;
import io.portunus.model.HostPattern;
import io.portunus.model.Listener;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Prelude;
import io.portunus.model.ProxyHeader;
import io.portunus.model.ProxyTrust;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** One flow in memory. It ends with no timer left, with one close, and with what it held given back once. */
abstract class FlowInMemory {
    static final String FIRST = "192.0.2.1";
    static final String SECOND = "192.0.2.2";
    static final Match NAMED = Match.ofSni(Optional.of(HostPattern.parse("a.test")));
    static final byte[] PRELUDE = {'a', '!'};

    final MemoryLoop loop = new MemoryLoop();
    final MemoryStream client = new MemoryStream(loop);
    final MemoryStream target = new MemoryStream(loop);
    final MemoryFlow flow = new MemoryFlow(client, target);

    FlowInMemory() {
        flow.inspections.put(Prelude.TLS, new SampleInspection());
        flow.filters.put(ListenerFilter.PROXY, new SampleFilter());
        flow.headers.put(UpstreamHeader.PROXY, new SampleFilter());
    }

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(flow.closed).hasSize(1);
        assertThat(flow.peeks).isZero();
        assertThat(loop.pending()).isZero();
        assertThat(flow.selection.released).isEqualTo(selections()).isLessThanOrEqualTo(1);
        assertThat(client.fate()).isNotEqualTo(MemoryStream.Fate.OPEN);
    }

    /** How often a target was searched; once it was routed, unless a test sets otherwise. */
    int selections() {
        return flow.routes.size();
    }

    static Rule rule(String name, Match match) {
        return Rule.of(1, name, List.of(PortRange.of(443)), match, TargetAddress.parse(FIRST + ":9"));
    }

    static Rule plain() {
        return rule("r", Match.ANY);
    }

    /** A rule with so many targets, each a host. */
    static Rule to(String... hosts) {
        return plain().withTargets(group(Arrays.stream(hosts).map(host -> Target.of(TargetAddress.parse(host + ":9"))).toList()));
    }

    static TargetGroup group(List<Target> targets) {
        return TargetGroup.of(targets.getFirst().address()).with(targets);
    }

    static Target takesHeader(String host) {
        return new Target(TargetAddress.parse(host + ":9"), 0, 1, 0, Optional.of(ProxyHeader.of(ProxyHeader.Version.V1)), false);
    }

    /** Trusts the client of these tests. */
    static Rule trusting(Rule rule) {
        return rule.withProxyTrust(new ProxyTrust(List.of(Cidr.parse("127.0.0.0/8").orElseThrow()), Duration.ofSeconds(5)));
    }

    void start(Rule... rules) {
        Listener listener = ForwardingTable.compile(new RuleSet("1", List.of(rules))).listeners().iterator().next();
        new TcpHandler(loop::nanos).accepted(client, listener, flow);
    }

    void endedBy(CloseReason reason) {
        assertThat(flow.closed).containsExactly(reason);
    }

    void clientResets() {
        client.peerResets(new byte[0]);
        client.announce();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static String text(byte[] ascii) {
        return new String(ascii, StandardCharsets.US_ASCII);
    }
}
