// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.MemoryFlow;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.flow.spi.ConnectFailure.Cause;
import io.portunus.model.IpLiterals;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets, endpoints and headers that answer, fail, stall and come too late, in whatever order; nothing is lost and nothing left behind. */
class EveryOrderTest extends FlowInMemory {
    private static final int TARGETS = 4;

    private final Map<String, MemoryStream> streams = new LinkedHashMap<>();
    /** Attempts whose end was reported; a transport reports it once. */
    private final Set<Integer> reported = new HashSet<>();

    private void startRandom(Random random) {
        flow.targets = MemoryFlow.Manner.HANGS;
        flow.selection.waits = random.nextBoolean();
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < TARGETS; i++) {
            List<InetAddress> addresses = new ArrayList<>();
            for (int j = 0; j <= random.nextInt(4); j++) {
                String host = "192.0.2." + (10 * i + j + 1);
                MemoryStream stream = new MemoryStream(loop);
                stream.window(random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(6));
                streams.put(host, stream);
                flow.streams.put(host, stream);
                addresses.add(IpLiterals.parse(host).orElseThrow());
                if (random.nextInt(4) == 0) {
                    flow.manners.put(host, random.nextBoolean() ? MemoryFlow.Manner.REFUSES : MemoryFlow.Manner.ANSWERS);
                }
            }
            String name = "host" + i + ".test";
            flow.selection.names.put(name, addresses);
            targets.add(random.nextBoolean() ? takesHeader(name) : Target.of(TargetAddress.parse(name + ":9")));
        }
        start(plain().withTargets(group(targets)));
    }

    private void happens(Random random) {
        switch (random.nextInt(6)) {
            case 0 -> flow.selection.answer();
            case 1 -> client.peerSends(ascii("x"));
            case 2 -> reportOnce(random, attempt -> flow.fail(attempt, Cause.REFUSED));
            case 3 -> reportOnce(random, flow::answer);
            case 4 -> streams.values().stream().filter(stream -> stream.fate() == MemoryStream.Fate.OPEN).findAny()
                .ifPresent(stream -> stream.window(random.nextInt(10)));
            default -> loop.pass(Duration.ofMillis(random.nextInt(1_500)));
        }
    }

    private void reportOnce(Random random, IntConsumer report) {
        int attempt = flow.attempts.isEmpty() ? 0 : random.nextInt(flow.attempts.size());
        if (!flow.attempts.isEmpty() && !flow.manners.containsKey(flow.asked().get(attempt)) && reported.add(attempt)) {
            report.accept(attempt);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void oneTargetAtMostHasTheFlow(int hundred) {
        for (int seed = 100 * hundred; seed < 100 * hundred + 100; seed++) {
            new EveryOrderTest().play(new Random(seed));
        }
        start(plain());
        flow.end(CloseReason.KILLED);
    }

    private void play(Random random) {
        startRandom(random);
        int steps = random.nextInt(60);
        for (int i = 0; i < steps; i++) {
            happens(random);
        }
        assertThat(flow.connected).hasSizeLessThanOrEqualTo(1);
        if (flow.connected.isEmpty() && random.nextBoolean()) {
            loop.pass(Duration.ofSeconds(15));
        } else if (random.nextBoolean()) {
            clientResets();
        }
        if (flow.closed.isEmpty()) {
            flow.end(CloseReason.KILLED);
        }
        flow.selection.answer();
        nothingIsLeftBehind();
        assertThat(flow.asked()).doesNotHaveDuplicates();
        assertThat(streams.values()).filteredOn(stream -> text(stream.written()).contains("x")).hasSizeLessThanOrEqualTo(1);
        // Whatever answers after all this is not kept, and what was written to was reset, though it may never have been the flow's.
        for (int i = 0; i < flow.attempts.size(); i++) {
            if (!flow.manners.containsKey(flow.asked().get(i)) && reported.add(i)) {
                flow.answer(i);
                assertThat(streams).extractingByKey(flow.asked().get(i)).extracting(MemoryStream::fate).isEqualTo(MemoryStream.Fate.RESET);
            }
        }
        assertThat(streams.values()).filteredOn(stream -> stream.written().length > 0).allMatch(
            stream -> stream.fate() == MemoryStream.Fate.RESET);
    }
}
