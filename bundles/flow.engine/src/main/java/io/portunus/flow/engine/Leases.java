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
import io.portunus.model.Protocol;
import io.portunus.model.Rule;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the policies are asked about one flow, and what they gave it: each of them something, or nothing is held. A policy that throws refuses
 * the flow, a budget that throws ends it. It is what ends the flow for them, too. Confined to the flow's loop, but for {@link #holders} and
 * {@link #accept(CloseReason)}.
 */
final class Leases implements Consumer<CloseReason> {
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
    /** The same as the flow's pumps ask them, made again when one comes to them. */
    private Budget watchedIn = Budget.UNLIMITED;
    private Budget watchedOut = Budget.UNLIMITED;
    /** Made with the first lease: most flows have none. */
    private @Nullable Waiting waitingIn;
    private @Nullable Waiting waitingOut;

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

    /** A policy ends the flow. Thread-safe. */
    @Override
    public void accept(CloseReason reason) {
        flow.requestEnd(Objects.requireNonNull(reason, "a reason"));
    }

    /** Asks all before a byte is read. */
    Optional<CloseReason> arrived(Listener routes) {
        return ask(Set.of(), (policy, cells) -> policy.accept(arrival(routes, cells)));
    }

    private AcceptRequest arrival(Listener routes, SharedCells cells) {
        InetAddress peer = flow.peer().getAddress();
        boolean behindFront = routes.proxyTrust().filter(trust -> trust.trusts(peer)).isPresent();
        return new AcceptRequest(flow.id(), routes.key(), peer, behindFront, loop, cells, this);
    }

    /** Asks all when there is a route; those that its rule names have to be there. */
    Optional<CloseReason> admit(Rule rule) {
        Set<String> named = rule.governance().policies().keySet();
        for (String kind : named) {
            if (flow.provider(Post.policy(kind)).isEmpty()) {
                return Optional.of(CloseReason.POLICY_MISSING);
            }
        }
        return ask(named, (policy, cells) -> policy.admit(admission(rule, false, cells)));
    }

    private AdmissionRequest admission(Rule rule, boolean open, SharedCells cells) {
        return new AdmissionRequest(flow.id(), rule, flow.listener().key().protocol(), flow.client().getAddress(), open, loop, cells, this);
    }

    /**
     * Offers the flow, which is open, to a policy that was not asked about it, or was before its rule named it.
     *
     * @param rule the flow's rule as it is now; empty while it has none, and is asked about when it gets one
     * @param named whether the rule names the policy only now, so that it may have been asked before
     */
    void offer(Post post, Optional<Rule> rule, boolean named) {
        boolean known = asked.stream().anyMatch(its -> its.origin().post().equals(post));
        boolean holds = held.stream().anyMatch(its -> its.policy().origin().post().equals(post));
        if (!flow.ended() && !holds && (named || !known)) {
            flow.provider(post).ifPresent(policy -> offer(policy, rule, known));
        }
    }

    private void offer(Provider policy, Optional<Rule> rule, boolean known) {
        SharedCells cells = engine.cells(policy.origin().post());
        AcceptRequest arrival = arrival(flow.listener().routes(), cells);
        Policy its = policy.as(Policy.class);
        Optional<CloseReason> refused = Optional.empty();
        if (spared(policy, false, () -> its.adopts(arrival))) {
            refused = known ? refused : ask(policy, asks -> spared(policy, Admission.UNLIMITED, () -> asks.accept(arrival)));
            if (refused.isEmpty() && rule.isPresent()) {
                AdmissionRequest admission = admission(rule.get(), true, cells);
                refused = ask(policy, asks -> spared(policy, Admission.UNLIMITED, () -> asks.admit(admission)));
            }
        } else {
            asked(policy);
        }
        refused.ifPresent(flow::end);
    }

    /**
     * The flow's rule sets something else for policies: whoever limits the flow is notified, and those that do not are asked.
     *
     * @param changed policies that it sets something else for, or names only now
     */
    void amended(Rule rule, Set<Post> changed) {
        for (Held each : held) {
            spared(each.policy(), true, () -> {
                each.lease().amended(rule);
                return true;
            });
        }
        changed.forEach(post -> offer(post, Optional.of(rule), true));
    }

    /** What a policy answers about a flow that was there before it; one that fails has not the power to end it. */
    private <T> T spared(Provider policy, T otherwise, Supplier<T> question) {
        try {
            return Objects.requireNonNull(question.get(), "the policy gave no answer");
        } catch (Throwable lastResort) {
            policy.fault(lastResort);
            FlowEvents.passedOver(policy.origin().part(), lastResort);
            return otherwise;
        }
    }

    private Optional<CloseReason> ask(Set<String> named, Question question) {
        for (Post post : engine.limiting()) {
            Optional<Provider> policy = flow.provider(post);
            Optional<CloseReason> refused = policy.isEmpty() && named.contains(post.kind()) ? Optional.of(CloseReason.POLICY_MISSING)
                : policy.flatMap(its -> ask(its, asks -> question.ask(asks, engine.cells(post))));
            if (refused.isPresent()) {
                flow.excuse();
                giveBack(Lease::refused);
                return refused;
            }
        }
        return Optional.empty();
    }

    /** Asks one of them. */
    @SuppressWarnings("ReferenceEquality")
    private Optional<CloseReason> ask(Provider policy, Function<Policy, Admission> question) {
        asked(policy);
        Optional<CloseReason> refused = Optional.empty();
        switch (answer(policy, question)) {
            case Admission.Granted granted when granted.lease() == Lease.UNLIMITED -> {
                return refused;
            }
            case Admission.Granted granted -> refused = hold(policy, granted.lease());
            case Admission.Refused no -> {
                policy.results().refused();
                refusedBy(policy, no.reason());
                refused = Optional.of(no.reason());
            }
        }
        if (!holders.contains(policy)) {
            List<Provider> more = new ArrayList<>(holders);
            more.add(policy);
            holders = List.copyOf(more);
            policy.holds();
        }
        return refused;
    }

    /** Counted for its rule; what is refused before there is one, the policy shows. */
    private void refusedBy(Provider policy, CloseReason reason) {
        FlowEvents.refused(flow, policy, reason);
        RuleCounters ofRule = flow.course().counters();
        if (ofRule != null) {
            ofRule.limited(policy.origin().post().kind()).refused(engine.now(), flow.client().getAddress(), reason);
        }
    }

    private void asked(Provider policy) {
        if (!asked.contains(policy)) {
            asked.add(policy);
            policy.opened();
            policy.released();
        }
    }

    private Admission answer(Provider policy, Function<Policy, Admission> question) {
        try {
            return Objects.requireNonNull(question.apply(policy.as(Policy.class)), "the policy gave no answer");
        } catch (Throwable lastResort) {
            flow.charge(policy, lastResort);
            return new Admission.Refused(CloseReason.INTERNAL_ERROR);
        }
    }

    @SuppressWarnings("ReferenceEquality")
    private Optional<CloseReason> hold(Provider policy, Lease lease) {
        held.add(new Held(policy, lease));
        try {
            Waiting inwards = waitingIn == null ? new Waiting(flow.course(), engine, true) : waitingIn;
            Waiting outwards = waitingOut == null ? new Waiting(flow.course(), engine, false) : waitingOut;
            waitingIn = inwards;
            waitingOut = outwards;
            in = LesserBudget.of(in, guarded(policy, lease.in(), inwards));
            out = LesserBudget.of(out, guarded(policy, lease.out(), outwards));
            watchedIn = WatchedBudget.of(in, flow, inwards);
            watchedOut = WatchedBudget.of(out, flow, outwards);
            if (waits() && (in != Budget.UNLIMITED || out != Budget.UNLIMITED)) {
                flow.course().limited();
            }
            return Optional.empty();
        } catch (Throwable lastResort) {
            flow.charge(policy, lastResort);
            return Optional.of(CloseReason.INTERNAL_ERROR);
        }
    }

    /** Whether its bytes wait where there is no budget; datagrams are dropped. */
    private boolean waits() {
        return flow.listener().key().protocol() == Protocol.TCP;
    }

    private Budget guarded(Provider policy, Budget budget, Waiting waiting) {
        String kind = policy.origin().post().kind();
        Runnable empty = waits() ? () -> waiting.begins(kind) : () -> { };
        return GuardedBudget.of(Objects.requireNonNull(budget, "the lease has no budget"), fault -> {
            flow.charge(policy, fault);
            flow.requestEnd(CloseReason.INTERNAL_ERROR);
        }, empty);
    }

    /** The least of what was given for the way to the target; what it runs is a step of the flow. */
    Budget in() {
        return watchedIn;
    }

    /** The same for the way to the client. */
    Budget out() {
        return watchedOut;
    }

    /** Policies that limit the flow, or refused it. Thread-safe. */
    List<Provider> holders() {
        return holders;
    }

    /** Gives back whatever is held, in one of the two ways. */
    private void giveBack(Consumer<Lease> way) {
        for (Held each : held) {
            try {
                way.accept(each.lease());
            } catch (Throwable lastResort) {
                flow.charge(each.policy(), lastResort);
            }
        }
        held.clear();
    }

    private static void ends(@Nullable Waiting waiting) {
        if (waiting != null) {
            waiting.ends();
        }
    }

    /** The flow is over. */
    void closed(CloseReason reason) {
        ends(waitingIn);
        ends(waitingOut);
        giveBack(Lease::release);
        for (Provider policy : holders) {
            policy.closed(reason);
            policy.released();
        }
    }
}
