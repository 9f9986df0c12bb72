// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.EventLoop;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Governance;
import io.portunus.model.Rule;
import io.portunus.model.RuleDifference;
import io.portunus.model.RuleDifference.Edit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers flows that are open to policies: to one that has come and proved itself, and to one that the flow's rule names from now on. Thread-safe;
 * each loop goes through its own flows, some at a time.
 */
final class Offers {
    /** Flows that a loop offers before it serves others again. */
    static final int STEP = 64;
    /** Before a loop goes on: its sockets come in between. */
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final Logger LOG = LoggerFactory.getLogger(Offers.class);

    private final LiveFlows open;

    Offers(LiveFlows open) {
        this.open = open;
    }

    /** A version has proved itself: its policies are asked about flows that nobody of their kind was asked about. */
    void settled(Serving serving, ForwardingTable table, String bundle, String version) {
        for (Post post : serving.policies()) {
            if (serving.of(post).filter(its -> its.origin().of(bundle, version)).isPresent()) {
                Map<Long, Rule> rules = table.rules().rules().stream().collect(Collectors.toMap(Rule::id, Function.identity()));
                each(open.all(), flow -> flow.offer(post, rules, false));
            }
        }
    }

    /**
     * Rules have changed: policies that one names from now on, or sets something else for, are asked about its flows, and those that limit them
     * are notified.
     */
    void changed(Serving serving, RuleDifference change) {
        for (Edit edit : change.edits()) {
            edit.newerEnabled().filter(rule -> edit.olderEnabled().isPresent()).ifPresent(rule -> {
                Governance before = edit.olderEnabled().orElseThrow().governance();
                if (!before.equals(rule.governance())) {
                    Set<Post> changed = changed(before, rule.governance()).map(Post::policy).filter(post -> serving.of(post).isPresent())
                        .collect(Collectors.toUnmodifiableSet());
                    each(open.all().stream().filter(flow -> flow.of(rule.id())).toList(), flow -> flow.amended(rule, changed));
                }
            });
        }
    }

    private static Stream<String> changed(Governance before, Governance now) {
        return now.policies().entrySet().stream().filter(its -> !its.getValue().equals(before.policies().get(its.getKey()))).map(Map.Entry::getKey);
    }

    private static void each(List<Flow> flows, Consumer<ServedFlow> act) {
        IdentityHashMap<EventLoop, Deque<ServedFlow>> byLoop = new IdentityHashMap<>();
        flows.forEach(flow -> {
            if (flow instanceof ServedFlow served) {
                byLoop.computeIfAbsent(served.loop(), loop -> new ArrayDeque<>()).add(served);
            }
        });
        byLoop.forEach((loop, its) -> new Step(loop, its, act).begin());
    }

    /** What is left of the flows of one loop. */
    private record Step(EventLoop loop, Deque<ServedFlow> left, Consumer<ServedFlow> act) implements Runnable {
        void begin() {
            try {
                loop.execute(this);
            } catch (RejectedExecutionException ended) {
                LOG.trace("the loop has ended, and its flows with it", ended);
            }
        }

        @Override
        public void run() {
            for (int i = 0; i < STEP && !left.isEmpty(); i++) {
                act.accept(left.remove());
            }
            if (!left.isEmpty()) {
                loop.after(PAUSE, this);
            }
        }
    }
}
