// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.LimitRow;
import io.portunus.flow.spi.AcceptRequest;
import io.portunus.flow.spi.Admission;
import io.portunus.flow.spi.AdmissionRequest;
import io.portunus.flow.spi.Lease;
import io.portunus.flow.spi.LimitsRequest;
import io.portunus.flow.spi.Policy;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Protocol;
import io.portunus.model.Rule;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * What every policy and its self-check hold to. What it counts is right while versions of it come and go with flows open: an upgrade, a roll-back,
 * a version that is taken back while it is watched, and a removal, with leases that go home to the version that gave them, whenever that is.
 */
public abstract class PolicyContract {
    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.7");

    private final Supplier<Policy> version;
    private final SelfCheck selfCheck;
    private final Rule limited;
    private final int places;
    private final CountedCells cells = new CountedCells();
    private final ContractLoop loop = new ContractLoop();
    private long lastFlow;

    /**
     * The contract of one policy.
     *
     * @param version makes another version of it, at best with a class loader of its own, as each has in a node
     * @param selfCheck the self-check of its bundle
     * @param limited a rule that names it, if it goes by rules
     * @param places flows of the rule from one source that may be open at once, 1 or more; 0 if it does not bound that
     */
    protected PolicyContract(Supplier<Policy> version, SelfCheck selfCheck, Rule limited, int places) {
        this.version = version;
        this.selfCheck = selfCheck;
        this.limited = limited;
        this.places = places;
    }

    /** A flow and what it got. */
    private record Open(List<Lease> leases) {
        void end() {
            leases.forEach(Lease::release);
        }
    }

    /** Asks as the engine does: at accept, and when there is a route; what the first gave goes back if the second refuses. */
    private List<Open> begin(Policy policy) {
        List<Lease> leases = new ArrayList<>();
        long flow = ++lastFlow;
        Admission first = policy.accept(new AcceptRequest(flow, limited.listenKeys().findFirst().orElseThrow(), CLIENT, false, loop, cells,
            reason -> { }));
        Admission both = first instanceof Admission.Granted granted ? then(policy, flow, granted, leases) : first;
        if (both instanceof Admission.Refused refused) {
            leases.forEach(Lease::release);
            assertThat(CloseReason.known().contains(refused.reason()) || policy.reasons().contains(refused.reason()))
                .as("the reason %s is listed", refused.reason()).isTrue();
            return List.of();
        }
        return List.of(new Open(leases));
    }

    private Admission then(Policy policy, long flow, Admission.Granted first, List<Lease> leases) {
        leases.add(first.lease());
        Admission second = policy.admit(new AdmissionRequest(flow, limited, Protocol.TCP, CLIENT, false, loop, cells, reason -> { }));
        if (second instanceof Admission.Granted granted) {
            leases.add(granted.lease());
        }
        return second;
    }

    private Deque<Open> fill(Policy policy) {
        assumeTrue(places > 0, "it does not bound how many flows are open");
        Deque<Open> open = new ArrayDeque<>();
        for (int i = 0; i < places; i++) {
            open.addAll(begin(policy));
        }
        assertThat(open).hasSize(places);
        assertThat(begin(policy)).as("one more than there are places").isEmpty();
        return open;
    }

    /** As many as have ended may begin, and no more. */
    private void exactly(int ended, Policy policy, Deque<Open> open) {
        for (int i = 0; i < ended; i++) {
            open.remove().end();
        }
        for (int i = 0; i < ended; i++) {
            List<Open> next = begin(policy);
            assertThat(next).as("place %s of %s that are free", i + 1, ended).hasSize(1);
            open.addAll(next);
        }
        assertThat(begin(policy)).as("one more than have ended").isEmpty();
    }

    private void endAll(Deque<Open> open) {
        open.forEach(Open::end);
        open.clear();
        assertThat(cells.held()).as("cells that are held without a flow").isZero();
    }

    @Test
    void selfCheckFindsNothingWrong() {
        assertThat(selfCheck.run()).isEmpty();
    }

    @Test
    void everyVersionIsOfOneKindAndListsTheSameReasons() {
        Policy one = version.get();
        Policy other = version.get();

        assertThat(one.kind()).isNotBlank().isEqualTo(other.kind());
        assertThat(one.reasons()).isEqualTo(other.reasons()).isEqualTo(one.reasons());
    }

    @Test
    void whatIsGivenBackIsThereAgain() {
        Policy policy = version.get();
        Deque<Open> open = fill(policy);

        exactly(1, policy, open);
        exactly(places, policy, open);

        endAll(open);
    }

    @Test
    void refusalsHoldNothing() {
        Policy policy = version.get();
        Deque<Open> open = fill(policy);
        int held = cells.held();

        for (int i = 0; i < 100; i++) {
            assertThat(begin(policy)).isEmpty();
        }

        assertThat(cells.held()).isEqualTo(held);
        endAll(open);
    }

    @Test
    void countIsRightOverAnUpgradeThatFindsEveryPlaceTaken() {
        Policy older = version.get();
        Deque<Open> open = fill(older);
        Policy newer = version.get();

        assertThat(begin(newer)).isEmpty();
        exactly(1, newer, open);
        exactly(places, newer, open);

        endAll(open);
        endAll(fill(newer));
    }

    @Test
    void countIsRightOverARollBack() {
        Policy older = version.get();
        Deque<Open> open = fill(older);
        Policy newer = version.get();
        exactly((places + 1) / 2, newer, open);

        assertThat(begin(older)).isEmpty();
        exactly(1, older, open);
        exactly(places, older, open);

        endAll(open);
    }

    /** Flows of both begin by turns while one is watched; then all go home, those of the version that went, too. */
    @Test
    void countIsRightOverAVersionThatIsTakenBackWhileItIsWatched() {
        Policy older = version.get();
        Deque<Open> open = fill(older);
        for (int round = 0; round < 3; round++) {
            Policy watched = version.get();
            exactly(1, watched, open);
            exactly(1, older, open);
        }

        exactly(places, older, open);

        endAll(open);
    }

    @Test
    void countIsRightOverARemovalWithFlowsOpen() {
        Deque<Open> open = fill(version.get());

        Policy again = version.get();
        assertThat(begin(again)).isEmpty();
        exactly(1, again, open);

        endAll(open);
        endAll(fill(version.get()));
    }

    /** Whatever is open; a policy that shows nothing holds to it, too. */
    @Test
    void whatItShowsIsPlainTheSameOfEachVersionAndHoldsNothing() {
        Policy older = version.get();
        assertThat(older.limits(new LimitsRequest(List.of(), cells))).noneMatch(row -> row.scope().equals(LimitRow.RULE));
        Deque<Open> open = new ArrayDeque<>(begin(older));
        int held = cells.held();

        for (LimitRow row : older.limits(new LimitsRequest(List.of(limited), cells))) {
            assertThat(row.scope()).isNotBlank();
            assertThat(row.use()).as("the use of %s %s", row.scope(), row.name()).hasSizeLessThanOrEqualTo(LimitRow.MOST_NUMBERS);
            assertThat(row.use().keySet()).allMatch(name -> name.matches("[a-z][a-z0-9_]*"), "is in snake_case");
            assertThat(!row.scope().equals(LimitRow.RULE) || row.name().equals(limited.name())).as("a rule that was asked about").isTrue();
            assertThat(row.use().getOrDefault(LimitRow.OPEN, (long) open.size())).as("flows that are open").isEqualTo(open.size());
        }
        assertThat(shown(version.get())).isEqualTo(shown(older));

        assertThat(cells.held()).as("cells that are held for the look").isEqualTo(held);
        endAll(open);
    }

    private List<String> shown(Policy policy) {
        return policy.limits(new LimitsRequest(List.of(limited), cells)).stream().map(row -> row.scope() + " " + row.name()).toList();
    }

    @Test
    void leasesOfManyLoopsNeverAdmitOneTooMany() throws InterruptedException, ExecutionException {
        Policy older = version.get();
        Policy newer = version.get();
        endAll(fill(older));
        AtomicInteger open = new AtomicInteger();
        try (ExecutorService loops = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> most = new ArrayList<>();
            for (Policy its : List.of(older, newer, older, newer)) {
                most.add(loops.submit(() -> churn(its, open)));
            }
            for (Future<Integer> each : most) {
                assertThat(each.get()).isLessThanOrEqualTo(places);
            }
        }
        assertThat(cells.held()).isZero();
        endAll(fill(newer));
    }

    /** The most that were open at any time; each counts less long than it has its place. */
    private int churn(Policy policy, AtomicInteger open) {
        Deque<Lease> held = new ArrayDeque<>();
        int most = 0;
        for (int i = 0; i < 1000; i++) {
            if (policy.admit(new AdmissionRequest(i, limited, Protocol.TCP, CLIENT, false, loop, cells, reason -> { }))
                instanceof Admission.Granted granted) {
                held.add(granted.lease());
                most = Math.max(most, open.incrementAndGet());
            }
            if (i % 3 == 0 && !held.isEmpty()) {
                open.decrementAndGet();
                held.remove().release();
            }
        }
        held.forEach(lease -> {
            open.decrementAndGet();
            lease.release();
        });
        return most;
    }
}
