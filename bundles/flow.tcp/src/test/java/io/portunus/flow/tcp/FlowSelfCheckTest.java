// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.Rehearsal;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.model.Listener;
import io.portunus.model.Problem;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class FlowSelfCheckTest {
    private static FlowHandler handler(BiConsumer<Stream, StreamFlow> carries) {
        return new FlowHandler() {
            @Override
            public String kind() {
                return TCP;
            }

            @Override
            public void accepted(Stream downstream, Listener listener, StreamFlow flow) {
                carries.accept(downstream, flow);
            }
        };
    }

    @Test
    void findsNothingWrong() {
        assertThat(new FlowSelfCheck().run()).isEmpty();
    }

    @Test
    void findsAHandlerThatClosesEverything() {
        FlowHandler closes = handler((stream, flow) -> {
            stream.close();
            flow.closed(CloseReason.COMPLETED);
        });

        assertThat(Rehearsal.all("flow.tcp", closes)).extracting(Problem::code).containsOnly(SelfCheck.FAILED);
        assertThat(Rehearsal.all("flow.tcp", closes)).extracting(Problem::text)
            .contains("a plain flow did not deliver to its target what the client sent",
                "a flow routed by name did not replay what the client sent before its target was there",
                "a flow of a name without a rule did not tell its client",
                "a flow whose target refuses did not reset its client",
                "a flow with headers and a second target did not go to its second target");
    }

    @Test
    void findsAHandlerThatDoesNothing() {
        assertThat(Rehearsal.all("flow.tcp", handler((stream, flow) -> { }))).hasSizeGreaterThanOrEqualTo(4)
            .extracting(Problem::text).contains("a plain flow left something behind");
    }

    @Test
    void findsAHandlerThatThrows() {
        FlowHandler throwing = handler((stream, flow) -> {
            throw new NoSuchMethodError("gone");
        });

        assertThat(Rehearsal.all("flow.tcp", throwing)).hasSize(5).extracting(Problem::text)
            .contains("a plain flow ended by java.lang.NoSuchMethodError: gone");
    }
}
