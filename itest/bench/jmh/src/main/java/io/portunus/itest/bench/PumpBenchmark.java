// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.bench;

import io.portunus.flow.tcp.TcpHandler;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Listener;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One readable event of an open flow, in memory: what the pump costs besides its system calls. It must allocate nothing. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class PumpBenchmark {
    /** Bytes that are there at each event. */
    @Param({"64", "16384", "65536"})
    public int bytes;

    private final TickingLoop loop = new TickingLoop();
    private final EndlessStream client = new EndlessStream(loop);
    private final EndlessStream target = new EndlessStream(loop);
    private final CountedFlow flow = new CountedFlow(target);
    private final TcpHandler handler = new TcpHandler();

    /** Opens the flow. */
    @Setup
    public void open() {
        Rule rule = Rule.of(1, "bulk", List.of(PortRange.of(1)), Match.ANY, TargetAddress.parse("127.0.0.1:1"));
        Listener listener = ForwardingTable.compile(new RuleSet("", List.of(rule))).listeners().iterator().next();
        handler.accepted(client, listener, flow);
        client.arrives(bytes);
        if (flow.in() != bytes) {
            throw new AssertionError("the flow is not open");
        }
    }

    /** Client to target. */
    @Benchmark
    public long event() {
        client.arrives(bytes);
        return flow.in();
    }
}
