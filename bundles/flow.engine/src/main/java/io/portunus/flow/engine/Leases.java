// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Admission;
import io.portunus.flow.spi.AdmissionRequest;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.Lease;
import io.portunus.flow.spi.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * What the policies gave one flow: each of them something, or nothing is held. A policy that throws refuses the flow, a budget that throws
 * ends it. Confined to the flow's loop, but for {@link #holders}.
 */
final class Leases {
    private final BiConsumer<Provider, Throwable> told;
    private final Runnable end;
    private final List<Held> held = new ArrayList<>(1);
    /** Who was asked and has a say in the flow, for the counters. Copied on change: surfaces read it. */
    private volatile List<Provider> holders = List.of();
    private Budget in = Budget.UNLIMITED;
    private Budget out = Budget.UNLIMITED;

    /** A lease and who gave it. */
    private record Held(Provider policy, Lease lease) {
    }

    /**
     * Holds nothing yet.
     *
     * @param told takes what a policy throws
     * @param end ends the flow as an internal error
     */
    Leases(BiConsumer<Provider, Throwable> told, Runnable end) {
        this.told = told;
        this.end = end;
    }

    /**
     * Asks one more policy. When it refuses, what the others gave is given back.
     *
     * @return why it refuses
     */
    @SuppressWarnings("ReferenceEquality")
    Optional<CloseReason> ask(Provider policy, AdmissionRequest request) {
        policy.opened();
        Optional<CloseReason> refused = Optional.empty();
        switch (answer(policy, request)) {
            case Admission.Granted granted when granted.lease() == Lease.UNLIMITED -> {
                policy.released();
                return refused;
            }
            case Admission.Granted granted -> refused = hold(policy, granted.lease());
            case Admission.Refused no -> refused = Optional.of(no.reason());
        }
        List<Provider> more = new ArrayList<>(holders);
        more.add(policy);
        holders = List.copyOf(more);
        if (refused.isPresent()) {
            release();
        }
        return refused;
    }

    private Admission answer(Provider policy, AdmissionRequest request) {
        try {
            return Objects.requireNonNull(policy.as(Policy.class).admit(request), "the policy gave no answer");
        } catch (Throwable lastResort) {
            told.accept(policy, lastResort);
            return new Admission.Refused(CloseReason.INTERNAL_ERROR);
        }
    }

    private Optional<CloseReason> hold(Provider policy, Lease lease) {
        held.add(new Held(policy, lease));
        try {
            in = LesserBudget.of(in, guarded(policy, lease.in()));
            out = LesserBudget.of(out, guarded(policy, lease.out()));
            return Optional.empty();
        } catch (Throwable lastResort) {
            told.accept(policy, lastResort);
            return Optional.of(CloseReason.INTERNAL_ERROR);
        }
    }

    private Budget guarded(Provider policy, Budget budget) {
        return GuardedBudget.of(Objects.requireNonNull(budget, "the lease has no budget"), fault -> {
            told.accept(policy, fault);
            end.run();
        });
    }

    /** The least of what was given for the way to the target. */
    Budget in() {
        return in;
    }

    /** The same for the way to the client. */
    Budget out() {
        return out;
    }

    /** Policies that limit the flow, or refused it. Thread-safe. */
    List<Provider> holders() {
        return holders;
    }

    /** Gives back whatever is held. */
    private void release() {
        for (Held each : held) {
            try {
                each.lease().release();
            } catch (Throwable lastResort) {
                told.accept(each.policy(), lastResort);
            }
        }
        held.clear();
    }

    /** The flow is over. */
    void closed(CloseReason reason) {
        release();
        for (Provider policy : holders) {
            policy.closed(reason);
            policy.released();
        }
    }
}
