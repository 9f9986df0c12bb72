// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.model.ForwardingTable;
import io.portunus.model.HostPattern;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Prelude;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One flow in memory and what is expected of it. Confined to one thread. */
final class Rehearsal {
    /** More than a read and more than a pump moves at once. */
    private static final int MANY = 300_000;
    private static final byte[] HELLO = "a-hello!".getBytes(StandardCharsets.US_ASCII);

    private final String title;
    private final MemoryLoop loop = new MemoryLoop();
    private final MemoryStream client = new MemoryStream(loop);
    private final MemoryStream target = new MemoryStream(loop);
    private final MemoryFlow flow = new MemoryFlow(target);
    private final List<Problem> problems = new ArrayList<>();

    private Rehearsal(String title) {
        this.title = title;
        flow.inspections.put(Prelude.TLS, new LetterInspection());
    }

    /** Everything a handler does wrong. */
    static List<Problem> all(FlowHandler handler) {
        return Stream.of(new Rehearsal("a plain flow").of(r -> r.plain(handler)),
            new Rehearsal("a flow routed by name").of(r -> r.byName(handler)),
            new Rehearsal("a flow of a name without a rule").of(r -> r.refused(handler)),
            new Rehearsal("a flow whose target refuses").of(r -> r.unreachable(handler)))
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
        start(handler, Optional.empty());
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
        flow.targets = MemoryFlow.Target.HANGS;
        start(handler, Optional.of(HostPattern.parse("a.test")));
        for (byte octet : HELLO) {
            client.peerSends(new byte[] {octet});
        }
        client.peerSends(new byte[] {1, 2, 3});
        client.peerEnds();
        flow.answer();
        target.peerEnds();
        byte[] all = Arrays.copyOf(HELLO, HELLO.length + 3);
        System.arraycopy(new byte[] {1, 2, 3}, 0, all, HELLO.length, 3);
        expect(Arrays.equals(target.written(), all) && target.outputEnded(), "did not replay what the client sent before its target was there");
        endedBy(CloseReason.COMPLETED);
    }

    private void refused(FlowHandler handler) {
        start(handler, Optional.of(HostPattern.parse("b.test")));
        client.peerSends(HELLO);
        client.peerEnds();
        expect(flow.attempts == 0, "was connected");
        expect(Arrays.equals(client.written(), new byte[] {'N', 'O'}), "did not tell its client");
        endedBy(CloseReason.NO_MATCHING_NAME);
    }

    private void unreachable(FlowHandler handler) {
        flow.targets = MemoryFlow.Target.REFUSES;
        start(handler, Optional.empty());
        expect(client.fate() == MemoryStream.Fate.RESET, "did not reset its client");
        endedBy(CloseReason.CONNECT_FAILED);
    }

    private void start(FlowHandler handler, Optional<HostPattern> sni) {
        Rule rule = new Rule(1, "self-check", "", true, Optional.empty(), List.of(PortRange.of(443)), Match.ofSni(sni),
            TargetAddress.parse("192.0.2.1:9"), false, Rule.DEFAULT_DRAIN);
        handler.accepted(client, ForwardingTable.compile(new RuleSet("1", List.of(rule))).listeners().iterator().next(), flow);
    }

    private void endedBy(CloseReason reason) {
        expect(flow.closed.equals(List.of(reason)), "should end once, as " + reason.code() + ", but ended as "
            + flow.closed.stream().map(CloseReason::code).toList());
        expect(client.fate() != MemoryStream.Fate.OPEN && flow.peeks == 0 && loop.pending() == 0, "left something behind");
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            problems.add(Problem.of(ProblemCode.SELF_CHECK_FAILED, "flow.tcp", title + " " + otherwise));
        }
    }

    private static byte[] noise(long seed) {
        byte[] bytes = new byte[MANY];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
