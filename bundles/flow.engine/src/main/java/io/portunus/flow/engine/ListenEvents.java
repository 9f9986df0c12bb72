// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.model.Problem;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what came right, or went wrong, without a publish that would have reported it. Thread-safe. */
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

    /** Nobody serves a kind that rules name, and nobody is waited for. */
    static void missing(Post post, Problem problem) {
        String event = switch (post.role()) {
            case POLICY -> "policy.missing";
            case LAYER -> "layer.missing";
            default -> "inspector.missing";
        };
        LOG.atWarn().addKeyValue("event", event).addKeyValue("kind", post.kind()).log(problem.text());
    }

    /** Somebody serves a kind again. */
    static void there(Post post) {
        String event = switch (post.role()) {
            case POLICY -> "policy.there";
            case LAYER -> "layer.there";
            default -> "inspector.there";
        };
        LOG.atInfo().addKeyValue("event", event).addKeyValue("kind", post.kind()).log("the rules that name it take connections");
    }
}
