// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.memory;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.ListenerFilter;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.Cidr;
import io.portunus.model.ForwardingTable;
import io.portunus.model.HostPattern;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Prelude;
import io.portunus.model.Problem;
import io.portunus.model.ProxyHeader;
import io.portunus.model.ProxyTrust;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One flow in memory and what is expected of it. Confined to one thread. */
public final class Rehearsal {
    /** More than a read and more than a pump moves at once. */
    private static final int MANY = 300_000;
    private static final byte[] PRELUDE = "a-hello!".getBytes(StandardCharsets.US_ASCII);

    private final String bundle;
    private final String title;
    private final MemoryLoop loop = new MemoryLoop();
    private final MemoryStream client = new MemoryStream(loop);
    private final MemoryStream target = new MemoryStream(loop);
    private final MemoryFlow flow = new MemoryFlow(client, target);
    private final List<Problem> problems = new ArrayList<>();

    private Rehearsal(String bundle, String title) {
        this.bundle = bundle;
        this.title = title;
        flow.inspections.put(Prelude.TLS, new SampleInspection());
        flow.filters.put(ListenerFilter.PROXY, new SampleFilter());
        flow.headers.put(UpstreamHeader.PROXY, new SampleFilter());
    }

    /**
     * Everything a handler of TCP flows does wrong: plain, by name, refused, unreachable, with headers and a second target. Takes
     * milliseconds; what the handler throws is a problem, too.
     *
     * @param bundle path of the problems
     */
    public static List<Problem> all(String bundle, FlowHandler handler) {
        return Stream.of(new Rehearsal(bundle, "a plain flow").of(r -> r.plain(handler)),
            new Rehearsal(bundle, "a flow routed by name").of(r -> r.byName(handler)),
            new Rehearsal(bundle, "a flow of a name without a rule").of(r -> r.refused(handler)),
            new Rehearsal(bundle, "a flow whose target refuses").of(r -> r.unreachable(handler)),
            new Rehearsal(bundle, "a flow with headers and a second target").of(r -> r.second(handler)))
            .flatMap(List::stream).toList();
    }

    private List<Problem> of(Consumer<Rehearsal> play) {
        try {
            play.accept(this);
        } catch (Throwable lastResort) {
            // Classes that do not fit together are what a check before the switch is for.
            expect(false, "ended by " + lastResort);
        }
        return problems;
    }

    private void plain(FlowHandler handler) {
        byte[] request = noise(1);
        byte[] answer = noise(2);
        start(handler, rule(Optional.empty()));
        target.window(1000);
        client.peerSends(request);
        target.window(Integer.MAX_VALUE);
        client.announce();
        client.peerEnds();
        target.peerSends(answer);
        expect(flow.closed.isEmpty(), "ended before its target did");
        target.peerEnds();
        expect(Arrays.equals(target.written(), request) && target.outputEnded(), "did not deliver to its target what the client sent");
        expect(Arrays.equals(client.written(), answer), "did not deliver to its client what the target sent");
        expect(flow.in == MANY && flow.out == MANY, "did not count its bytes");
        endedBy(CloseReason.COMPLETED);
    }

    private void byName(FlowHandler handler) {
        flow.targets = MemoryFlow.Manner.HANGS;
        start(handler, rule(Optional.of(HostPattern.parse("a.test"))));
        for (byte octet : PRELUDE) {
            client.peerSends(new byte[] {octet});
        }
        client.peerSends(new byte[] {1, 2, 3});
        client.peerEnds();
        flow.answer();
        target.peerEnds();
        byte[] all = Arrays.copyOf(PRELUDE, PRELUDE.length + 3);
        System.arraycopy(new byte[] {1, 2, 3}, 0, all, PRELUDE.length, 3);
        expect(Arrays.equals(target.written(), all) && target.outputEnded(), "did not replay what the client sent before its target was there");
        endedBy(CloseReason.COMPLETED);
    }

    private void refused(FlowHandler handler) {
        start(handler, rule(Optional.of(HostPattern.parse("b.test"))));
        client.peerSends(PRELUDE);
        client.peerEnds();
        expect(flow.attempts.isEmpty(), "was connected");
        expect(Arrays.equals(client.written(), new byte[] {'N', 'O'}), "did not tell its client");
        endedBy(CloseReason.NO_MATCHING_NAME);
    }

    private void unreachable(FlowHandler handler) {
        flow.targets = MemoryFlow.Manner.REFUSES;
        start(handler, rule(Optional.empty()));
        expect(client.fate() == MemoryStream.Fate.RESET, "did not reset its client");
        endedBy(CloseReason.CONNECT_FAILED);
    }

    private void second(FlowHandler handler) {
        flow.manners.put("192.0.2.1", MemoryFlow.Manner.REFUSES);
        TargetAddress first = TargetAddress.parse("192.0.2.1:9");
        Optional<ProxyHeader> header = Optional.of(ProxyHeader.of(ProxyHeader.Version.V1));
        Target takesHeader = new Target(TargetAddress.parse("192.0.2.2:9"), 0, 1, 0, header, false);
        TargetGroup two = TargetGroup.of(first).with(List.of(Target.of(first), takesHeader));
        ProxyTrust trust = new ProxyTrust(List.of(Cidr.parse("127.0.0.0/8").orElseThrow()), ProxyTrust.DEFAULT_DEADLINE);
        start(handler, rule(Optional.of(HostPattern.parse("a.test"))).withTargets(two).withProxyTrust(trust));
        byte[] declared = SampleFilter.of("198.51.100.7");
        byte[] all = Arrays.copyOf(declared, declared.length + PRELUDE.length);
        System.arraycopy(PRELUDE, 0, all, declared.length, PRELUDE.length);
        client.peerSends(all);
        client.peerEnds();
        target.peerEnds();
        expect(flow.attempts.size() == 2 && flow.selection.failures.equals(List.of(TargetSelection.Failure.REFUSED)),
            "did not go to its second target");
        expect(Arrays.equals(target.written(), all) && flow.in == PRELUDE.length, "did not tell its target for whom it is, and then what was sent");
        endedBy(CloseReason.COMPLETED);
    }

    private static Rule rule(Optional<HostPattern> sni) {
        return Rule.of(1, "self-check", List.of(PortRange.of(443)), Match.ofSni(sni), TargetAddress.parse("192.0.2.1:9"));
    }

    private void start(FlowHandler handler, Rule rule) {
        handler.accepted(client, ForwardingTable.compile(new RuleSet("1", List.of(rule))).listeners().iterator().next(), flow);
    }

    private void endedBy(CloseReason reason) {
        expect(flow.closed.equals(List.of(reason)), "should end once, as " + reason.code() + ", but ended as "
            + flow.closed.stream().map(CloseReason::code).toList());
        expect(client.fate() != MemoryStream.Fate.OPEN && flow.peeks == 0 && loop.pending() == 0
            && flow.selection.released == flow.routes.size(), "left something behind");
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            problems.add(Problem.of(SelfCheck.FAILED, bundle, title + " " + otherwise));
        }
    }

    private static byte[] noise(long seed) {
        byte[] bytes = new byte[MANY];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
