// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.bench;

import com.example.cap.CapPolicy;
import io.portunus.flow.spi.Admission;
import io.portunus.flow.spi.AdmissionRequest;
import io.portunus.flow.spi.Budget;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Protocol;
import io.portunus.model.Rule;
import io.portunus.model.TargetAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** What a pump asks of a bucket that always has enough: as many bytes as a lane takes at once, half of which come back. It must allocate nothing. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class BucketBenchmark {
    private static final int WANTED = 1 << 20;

    /** Its time goes on by itself, so that it never runs dry. */
    private final CapPolicy policy = new CapPolicy(100_000_000_000L, Long.MAX_VALUE / 2, System::nanoTime);

    /** One direction of a flow, and what it was granted. */
    @State(Scope.Thread)
    public static class Direction implements Runnable {
        private Budget budget = Budget.UNLIMITED;

        /** Begins a flow. */
        @Setup
        public void admit(BucketBenchmark shared) {
            Rule rule = Rule.of(1, "bulk", List.of(PortRange.of(1)), Match.ANY, TargetAddress.parse("127.0.0.1:1"));
            Admission answer = shared.policy.admit(new AdmissionRequest(1, rule, Protocol.TCP, InetAddress.getLoopbackAddress(), false, new TickingLoop(), key -> {
                throw new AssertionError("its buckets are its own");
            }, reason -> { }));
            budget = ((Admission.Granted) answer).lease().in();
        }

        @Override
        public void run() {
            throw new AssertionError("the bucket was empty");
        }

        int step() {
            int granted = budget.grant(WANTED, this);
            budget.giveBack(granted / 2);
            return granted;
        }
    }

    /** One loop. */
    @Benchmark
    public int grant(Direction direction) {
        return direction.step();
    }

    /** Two loops draw on the same bucket. */
    @Benchmark
    @Threads(2)
    public int grantToTwo(Direction direction) {
        return direction.step();
    }
}
