// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.AcceptRequest;
import io.portunus.flow.spi.Admission;
import io.portunus.flow.spi.AdmissionRequest;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Lease;
import io.portunus.flow.spi.Policy;
import io.portunus.flow.spi.SharedCells;
import io.portunus.model.Listener;
import io.portunus.model.Rule;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What the policies are asked about one flow, and what they gave it: each of them something, or nothing is held. A policy that throws refuses
 * the flow, a budget that throws ends it. Confined to the flow's loop, but for {@link #holders}.
 */
final class Leases {
    private final ServedFlow flow;
    private final Engine engine;
    private final EventLoop loop;
    private final List<Held> held = new ArrayList<>(1);
    /** Who was asked; one may be asked at accept and again when there is a route, and counts one flow. */
    private final List<Provider> asked = new ArrayList<>(1);
    /** Who has a part in the flow, for the counters. Copied on change: surfaces read it. */
    private volatile List<Provider> holders = List.of();
    private Budget in = Budget.UNLIMITED;
    private Budget out = Budget.UNLIMITED;

    /** A lease and who gave it. */
    private record Held(Provider policy, Lease lease) {
    }

    /** What a policy is asked. */
    private interface Question {
        Admission ask(Policy policy, SharedCells cells);
    }

    /** Holds nothing yet. */
    Leases(ServedFlow flow, Engine engine, EventLoop loop) {
        this.flow = flow;
        this.engine = engine;
        this.loop = loop;
    }

    /** Asks all before a byte is read. */
    Optional<CloseReason> accept(Listener routes, InetAddress peer) {
        boolean behindFront = routes.proxyTrust().filter(trust -> trust.trusts(peer)).isPresent();
        return ask(Set.of(), (policy, cells) ->
            policy.accept(new AcceptRequest(flow.id(), routes.key(), peer, behindFront, loop, cells)));
    }

    /** Asks all when there is a route; those that its rule names have to be there. */
    Optional<CloseReason> admit(Rule rule) {
        Set<String> named = rule.governance().policies().keySet();
        for (String kind : named) {
            if (flow.provider(Post.policy(kind)).isEmpty()) {
                return Optional.of(CloseReason.POLICY_MISSING);
            }
        }
        InetAddress client = flow.client().getAddress();
        return ask(named, (policy, cells) -> policy.admit(new AdmissionRequest(flow.id(), rule, client, loop, cells)));
    }

    private Optional<CloseReason> ask(Set<String> named, Question question) {
        for (Post post : engine.limiting()) {
            Optional<Provider> policy = flow.provider(post);
            Optional<CloseReason> refused = policy.isEmpty() && named.contains(post.kind()) ? Optional.of(CloseReason.POLICY_MISSING)
                : policy.flatMap(its -> ask(its, asks -> question.ask(asks, engine.cells(post))));
            if (refused.isPresent()) {
                release();
                return refused;
            }
        }
        return Optional.empty();
    }

    /** Asks one of them. */
    @SuppressWarnings("ReferenceEquality")
    private Optional<CloseReason> ask(Provider policy, Function<Policy, Admission> question) {
        if (!asked.contains(policy)) {
            asked.add(policy);
            policy.opened();
            policy.released();
        }
        Optional<CloseReason> refused = Optional.empty();
        switch (answer(policy, question)) {
            case Admission.Granted granted when granted.lease() == Lease.UNLIMITED -> {
                return refused;
            }
            case Admission.Granted granted -> refused = hold(policy, granted.lease());
            case Admission.Refused no -> refused = Optional.of(no.reason());
        }
        if (!holders.contains(policy)) {
            List<Provider> more = new ArrayList<>(holders);
            more.add(policy);
            holders = List.copyOf(more);
            policy.holds();
        }
        return refused;
    }

    private Admission answer(Provider policy, Function<Policy, Admission> question) {
        try {
            return Objects.requireNonNull(question.apply(policy.as(Policy.class)), "the policy gave no answer");
        } catch (Throwable lastResort) {
            flow.charge(policy, lastResort);
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
            flow.charge(policy, lastResort);
            return Optional.of(CloseReason.INTERNAL_ERROR);
        }
    }

    private Budget guarded(Provider policy, Budget budget) {
        return GuardedBudget.of(Objects.requireNonNull(budget, "the lease has no budget"), fault -> {
            flow.charge(policy, fault);
            flow.requestEnd(CloseReason.INTERNAL_ERROR);
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
                flow.charge(each.policy(), lastResort);
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
