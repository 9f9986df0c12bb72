// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.model.Listener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a handler throws, wherever the engine calls it, ends its flow in one way. */
class GuardedFlowTest extends EngineSetup {
    private final Broken broken = new Broken();

    /** Does what the test sets with the only flow. */
    private static final class Broken implements FlowHandler {
        private final List<StreamFlow> flows = new ArrayList<>();
        private final List<Stream> streams = new ArrayList<>();
        private final List<CloseReason> asked = new ArrayList<>();
        private boolean closes = true;
        private boolean throwsAtTheEnd;

        @Override
        public String kind() {
            return TCP;
        }

        @Override
        public void accepted(Stream downstream, Listener listener, StreamFlow flow) {
            flows.add(flow);
            streams.add(downstream);
            flow.onEnd(reason -> {
                asked.add(reason);
                if (throwsAtTheEnd) {
                    throw new IllegalStateException("at the end as well");
                }
                if (closes) {
                    downstream.reset();
                    flow.closed(reason);
                }
            });
        }

        StreamFlow flow() {
            return flows.getLast();
        }

        Stream stream() {
            return streams.getLast();
        }
    }

    @BeforeEach
    void serve() {
        sink(new Records(records));
        run(broken, "1.0.0");
        apply(rule("a", 1, ""));
    }

    private void endedByADefect(int faults) {
        assertThat(records).extracting(FlowRecord::reason).containsExactly(CloseReason.INTERNAL_ERROR);
        assertThat(engine.flows()).isEmpty();
        assertThat(engine.providers().getLast().faults()).isEqualTo(faults);
        assertThat(engine.providers().getLast().active()).isZero();
        assertThat(broken.asked).containsExactly(CloseReason.INTERNAL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eventThatThrowsAsksTheHandlerOnceAndSilencesTheStream(boolean read) {
        MemoryStream client = transport.connectTo(1);
        Throwing throwing = new Throwing();
        broken.stream().events(throwing);
        broken.stream().interest(read, !read);

        if (read) {
            client.peerSends(new byte[1]);
        } else {
            client.window(1);
        }

        endedByADefect(1);
        assertThat(client.wasReset()).isTrue();
        broken.stream().events(throwing);
        broken.stream().interest(true, true);
        client.window(1);
        assertThat(throwing.calls).isEqualTo(1);
        assertThat(broken.stream().read(loop.scratch())).isEqualTo(Stream.RESET);
    }

    @Test
    void timerThatThrowsEndsItsFlow() {
        transport.connectTo(1);
        broken.flow().after(Duration.ofSeconds(1), () -> {
            throw new IllegalStateException("as the test wants");
        });

        loop.pass(Duration.ofSeconds(1));

        endedByADefect(1);
    }

    @Test
    void stepOfAnotherThreadThatThrowsEndsItsFlow() throws Exception {
        transport.connectTo(1);
        StreamFlow flow = broken.flow();
        Thread other = Thread.ofVirtual().start(() -> flow.run(() -> {
            throw new IllegalStateException("as the test wants");
        }));
        other.join();
        assertThat(engine.flows()).hasSize(1);

        loop.pass(Duration.ZERO);

        endedByADefect(1);
    }

    @Test
    void nothingIsRunForAFlowThatIsOver() {
        transport.connectTo(1);
        int[] runs = {0};
        broken.flow().after(Duration.ofSeconds(1), () -> runs[0]++);
        broken.flow().closed(CloseReason.COMPLETED);

        broken.flow().run(() -> runs[0]++);
        loop.pass(Duration.ofSeconds(2));

        assertThat(runs[0]).isZero();
    }

    @Test
    void handlerThatLeavesItsFlowOpenIsHelped() {
        broken.closes = false;
        MemoryStream client = transport.connectTo(1);

        broken.flow().run(() -> {
            throw new IllegalStateException("as the test wants");
        });

        endedByADefect(1);
        assertThat(client.wasReset()).isTrue();
    }

    @Test
    void handlerThatThrowsAtTheEndIsChargedTwiceAndAskedOnce() {
        broken.throwsAtTheEnd = true;
        MemoryStream client = transport.connectTo(1);

        broken.flow().run(() -> {
            throw new IllegalStateException("as the test wants");
        });

        endedByADefect(2);
        assertThat(client.wasReset()).isTrue();
    }

    @Test
    void defectAfterTheStreamWasClosedIsTheReasonAllTheSame() {
        MemoryStream client = transport.connectTo(1);
        broken.stream().events(new StreamEvents() {
            @Override
            public void readable(Stream stream) {
                stream.reset();
                throw new IllegalStateException("as the test wants");
            }

            @Override
            public void writable(Stream stream) {
                throw new AssertionError("nobody asked for it");
            }
        });
        broken.stream().interest(true, false);

        client.peerSends(new byte[1]);

        endedByADefect(1);
    }
}
