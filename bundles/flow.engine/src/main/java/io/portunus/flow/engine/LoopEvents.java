// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.LoopView;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** The log's events of loops, and the problems of those that do not turn. Thread-safe. */
final class LoopEvents {
    /** A loop has done nothing for {@link LoopView#STALLED}. */
    static final ProblemCode LOOP_STALLED = new ProblemCode("loop_stalled",
        "A loop does nothing, because code of a bundle blocks it; its connections stand still.");
    /** A loop has done nothing for {@link LoopView#LOST}. */
    static final ProblemCode LOOP_LOST = new ProblemCode("loop_lost",
        "A loop has done nothing for so long that it is not counted on any more; the process has to be started again.");
    /** Frames of a stack that are logged. */
    private static final int FRAMES = 64;
    private static final Logger LOG = LoggerFactory.getLogger(LoopEvents.class);

    private LoopEvents() {
    }

    /** That a loop does not turn. */
    static Problem problem(LoopView loop) {
        boolean lost = loop.state() == LoopView.State.LOST;
        String where = loop.holder().map(its -> "in the code of " + its).orElse("in code of nobody known");
        return Problem.of(lost ? LOOP_LOST : LOOP_STALLED, "loop " + loop.name(), "the loop " + loop.name() + " stands still " + where + " for "
            + loop.silent().toSeconds() + " s, and " + loop.flows() + " connections with it; "
            + (lost ? "start the process again" : "the event loop.stalled has its stack; take back what it names"));
    }

    /** Once a stall. */
    static void stalled(LoopView loop, boolean around, StackTraceElement[] stack) {
        about(LOG.atError(), "loop.stalled", loop)
            .addKeyValue("stack", Arrays.stream(stack).limit(FRAMES).map(StackTraceElement::toString).collect(Collectors.joining(" < ")))
            .log(around ? "a loop does nothing any more; the others take its new connections, and those it has stand still"
                : "a loop does nothing any more; its connections stand still, and new ones wait for it");
    }

    /** Once a stall that lasts. */
    static void lost(LoopView loop) {
        about(LOG.atError(), "loop.lost", loop).log("a loop is lost, and its connections with it; only another start of the process brings it back");
    }

    /** It turns again; the view is of before. */
    static void recovered(LoopView loop) {
        about(LOG.atInfo(), "loop.recovered", loop).log("a loop turns again, and its connections move");
    }

    private static LoggingEventBuilder about(LoggingEventBuilder event, String name, LoopView loop) {
        return event.addKeyValue("event", name).addKeyValue("loop", loop.name()).addKeyValue("transport", loop.transport())
            .addKeyValue("seconds", loop.silent().toSeconds()).addKeyValue("flows", loop.flows())
            .addKeyValue("bundle", loop.holder().map(LoopView.Holder::bundle).orElse(""))
            .addKeyValue("version", loop.holder().map(LoopView.Holder::version).orElse(""));
    }
}
