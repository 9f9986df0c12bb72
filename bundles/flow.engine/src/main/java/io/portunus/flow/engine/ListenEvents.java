// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.model.Problem;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what came right, or went wrong, without a publish that would have told it. Thread-safe. */
final class ListenEvents {
    /** Listeners that one line names. */
    private static final int NAMED = 8;
    private static final Logger LOG = LoggerFactory.getLogger(ListenEvents.class);

    private ListenEvents() {
    }

    /** Listeners that had failed are bound. */
    static void bound(List<EngineListener> recovered) {
        if (!recovered.isEmpty()) {
            LOG.atInfo().addKeyValue("event", "listener.recovered").addKeyValue("listeners", recovered.size())
                .addKeyValue("first", recovered.stream().limit(NAMED).map(its -> its.key().toString()).collect(Collectors.joining(",")))
                .log("what could not be bound is bound now");
        }
    }

    /** Nobody recognises a kind that rules want, and nobody is waited for. */
    static void missing(String kind, Problem problem) {
        LOG.atWarn().addKeyValue("event", "inspector.missing").addKeyValue("kind", kind).log(problem.text());
    }

    /** Somebody recognises a kind again. */
    static void there(String kind) {
        LOG.atInfo().addKeyValue("event", "inspector.there").addKeyValue("kind", kind).log("the rules that route by it take connections");
    }
}
