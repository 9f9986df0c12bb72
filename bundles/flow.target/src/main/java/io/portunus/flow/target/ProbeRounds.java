// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each target that has a probe again and again, on a virtual thread each. At most {@value #MAX_AT_ONCE} ask at once. Confined to whoever
 * applies rules; its threads only touch the states they were given, and end when told to.
 */
final class ProbeRounds {
    /** Most questions under way, so that a net that has gone does not cost a socket for each target. */
    static final int MAX_AT_ONCE = 64;

    private static final Logger LOG = LoggerFactory.getLogger(ProbeRounds.class);

    private final Questioner questioner;
    private final Surroundings surroundings;
    private final Semaphore permits = new Semaphore(MAX_AT_ONCE);
    private final Map<TargetState, Rounds> running = new HashMap<>();

    ProbeRounds(Questioner questioner, Surroundings surroundings) {
        this.questioner = questioner;
        this.surroundings = surroundings;
    }

    /** Probes these targets, and no others. */
    void settle(Map<TargetState, ProbePlan> wanted) {
        settle(List.copyOf(running.keySet()), wanted);
    }

    /** Probes these targets, and no others of some; what is asked of all others goes on. */
    void settle(Collection<TargetState> some, Map<TargetState, ProbePlan> wanted) {
        for (TargetState state : some) {
            Rounds rounds = running.get(state);
            if (rounds != null && !rounds.plan.equals(wanted.get(state))) {
                rounds.stop();
                running.remove(state);
            }
        }
        wanted.forEach((state, plan) -> running.computeIfAbsent(state, its -> new Rounds(its, plan)).begin());
    }

    /** The rounds of one target. */
    private final class Rounds {
        final ProbePlan plan;
        private final TargetState state;
        private final Thread thread;
        private final CountDownLatch over = new CountDownLatch(1);
        private boolean begun;

        Rounds(TargetState state, ProbePlan plan) {
            this.state = state;
            this.plan = plan;
            thread = Thread.ofVirtual().name("target-probe " + plan.host() + ":" + plan.port()).unstarted(this::run);
        }

        void begin() {
            if (!begun) {
                begun = true;
                thread.start();
            }
        }

        synchronized void stop() {
            over.countDown();
            // A question under way is not waited for: the interrupt closes its socket.
            thread.interrupt();
        }

        private void run() {
            long interval = plan.probe().interval().toNanos();
            try {
                // Somewhere in the first interval, so that a start does not ask all targets at once.
                long wait = upTo(interval);
                while (!over.await(wait, TimeUnit.NANOSECONDS)) {
                    long began = surroundings.nanos().getAsLong();
                    round(interval);
                    long next = interval - interval / 20 + upTo(interval / 10);
                    wait = Math.max(next - (surroundings.nanos().getAsLong() - began), interval / 10);
                }
            } catch (InterruptedException stopped) {
                // Nobody wants to know any more.
            }
        }

        private void round(long interval) throws InterruptedException {
            if (!permits.tryAcquire(interval, TimeUnit.NANOSECONDS)) {
                told(ProbeResult.unasked("probe_overloaded"));
                return;
            }
            try {
                told(questioner.ask(plan));
            } catch (RuntimeException | Error lastResort) {
                LOG.atError().addKeyValue("event", "flow.internal_error").addKeyValue("target", state.text()).setCause(lastResort)
                    .log("a probe was ended by a defect");
            } finally {
                permits.release();
            }
        }

        /** Never after {@link #stop}: who stops the rounds may go on as if there were none. */
        private synchronized void told(ProbeResult result) {
            if (over.getCount() > 0) {
                state.probed(plan.probe(), result);
            }
        }

        private long upTo(long nanos) {
            return nanos <= 0 ? 0 : surroundings.chance().get().nextLong(nanos);
        }
    }
}
