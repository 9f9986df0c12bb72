// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.spi.NameAnswer;
import io.portunus.model.TargetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each target that has a probe again and again, on a virtual thread each; of a service each host, as they are named at that time.
 * At most {@value #MAX_AT_ONCE} ask at once. Confined to whoever applies rules; its threads only touch the states they were given, and
 * end on request.
 */
final class ProbeRounds {
    /** Most questions under way, so that a net that has gone does not cost a socket for each target. */
    static final int MAX_AT_ONCE = 64;

    private static final Logger LOG = LoggerFactory.getLogger(ProbeRounds.class);

    private final Questioner questioner;
    private final Environment environment;
    private final Semaphore permits = new Semaphore(MAX_AT_ONCE);
    private final Map<TargetState, Rounds> running = new HashMap<>();

    ProbeRounds(Questioner questioner, Environment environment) {
        this.questioner = questioner;
        this.environment = environment;
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
                    long began = environment.nanos().getAsLong();
                    round(interval);
                    long next = interval - interval / 20 + upTo(interval / 10);
                    wait = Math.max(next - (environment.nanos().getAsLong() - began), interval / 10);
                }
            } catch (InterruptedException stopped) {
                // Nobody waits for a result any more.
            }
        }

        private void round(long interval) throws InterruptedException {
            Optional<ServiceHosts> hosts = state.hosts();
            if (hosts.isEmpty()) {
                ask(state, plan, interval);
            } else if (named(hosts.get())) {
                askAll(hosts.get().states(), interval);
            }
        }

        /** Looks the hosts of a service up, which decides whether the service itself is up. */
        private boolean named(ServiceHosts hosts) throws InterruptedException {
            Optional<NameAnswer> answer;
            try {
                answer = questioner.hosts(plan);
            } catch (RuntimeException | Error lastResort) {
                defect(state, lastResort);
                return false;
            }
            if (answer.filter(NameAnswer::usable).isPresent()) {
                hosts.settle(answer.get().hosts());
                report(state, ProbeResult.GOOD);
                return true;
            }
            String reason = answer.map(NoNames::reason).orElse(NameAnswer.Problem.TIMEOUT.code());
            report(state, answer.filter(its -> !NoNames.counts(its)).isPresent() ? ProbeResult.unasked(reason) : ProbeResult.bad(reason));
            return false;
        }

        /** At once, as many as there are permits for: one that does not answer keeps nobody waiting. */
        private void askAll(List<TargetState> hosts, long interval) throws InterruptedException {
            List<Callable<Boolean>> questions = new ArrayList<>();
            for (TargetState host : hosts) {
                if (host.target().address() instanceof TargetAddress.Host address) {
                    questions.add(() -> {
                        ask(host, plan.of(address), interval);
                        return true;
                    });
                }
            }
            try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("target-probe " + plan.host()).factory())) {
                threads.invokeAll(questions);
            }
        }

        private void ask(TargetState whom, ProbePlan how, long interval) throws InterruptedException {
            if (!permits.tryAcquire(interval, TimeUnit.NANOSECONDS)) {
                report(whom, ProbeResult.unasked("probe_overloaded"));
                return;
            }
            try {
                report(whom, questioner.ask(how));
            } catch (RuntimeException | Error lastResort) {
                defect(whom, lastResort);
            } finally {
                permits.release();
            }
        }

        private static void defect(TargetState whom, Throwable lastResort) {
            LOG.atError().addKeyValue("event", "flow.internal_error").addKeyValue("target", whom.fullText()).setCause(lastResort)
                .log("a probe was ended by a defect");
        }

        /** Never after {@link #stop}: who stops the rounds may go on as if there were none. */
        private synchronized void report(TargetState whom, ProbeResult result) {
            if (over.getCount() > 0) {
                whom.probed(plan.probe(), result);
            }
        }

        private long upTo(long nanos) {
            return nanos <= 0 ? 0 : environment.chance().get().nextLong(nanos);
        }
    }
}
