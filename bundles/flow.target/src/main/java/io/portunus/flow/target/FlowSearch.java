// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.NameService;
import io.portunus.flow.spi.TargetRequest;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.model.PortRange;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One flow's search: the healthy targets of the best priority first, those of the next ones after them, the failed ones last. Of a service it
 * tries the hosts one after the other before it goes on. Confined to the flow's loop; asks about each target once a step, whatever there are.
 */
final class FlowSearch implements TargetSelection, Field {
    private static final int NONE = -1;

    private final Pool pool;
    private final TargetRequest request;
    private final Supplier<NameService> names;
    private final Consumer<CloseReason> end;
    private final Environment environment;
    private final HostSearch hosts;
    /** Places that this flow has been to, a bit each. */
    private long been;
    /** Those that it need not come back to when nothing else is left: to a service it may, for the hosts that have failed. */
    private long beenAtLast;
    private int place = NONE;
    /** Whether it came to the place because nothing else was left. */
    private boolean lastResort;
    /** Whether the place is a service whose hosts are known. */
    private boolean named;
    private boolean trial;
    private boolean connected;
    private long pickedAt;
    private boolean nameFailed;
    private Optional<CloseReason> notConnected = Optional.empty();
    private Step step = Step.OVER;

    /** One call of {@link #next} under way. */
    private static final class Step {
        static final Step OVER = new Step();
        private Cancellable lookup = () -> { };
        private int lookups;
        private boolean advancing;
        private boolean again;
    }

    FlowSearch(Pool pool, TargetRequest request, Supplier<NameService> names, Consumer<CloseReason> end, Environment environment) {
        this.pool = pool;
        this.request = request;
        this.names = names;
        this.end = end;
        this.environment = environment;
        this.hosts = new HostSearch(environment);
    }

    // What the flow asks and reports.

    @Override
    public Cancellable next(Answer answer) {
        if (named && !connected) {
            hosts.leave(this, false);
        } else {
            leave();
        }
        Step its = new Step();
        step = its;
        advance(its, answer);
        return () -> cancel(its);
    }

    @Override
    public void connected(InetSocketAddress endpoint, Duration took) {
        if (place == NONE || connected) {
            return;
        }
        connected = true;
        TargetState state = pool.state(place);
        if (named) {
            hosts.connected();
            state.hostConnected();
        } else {
            state.connected(trial);
            trial = false;
        }
        if (pool.group().closeOnDown()) {
            state.endWithIt(this, end);
            hosts.endWithIt(this, end);
        }
    }

    @Override
    public void unanswered() {
        if (place == NONE || connected) {
            return;
        }
        if (named) {
            hosts.unanswered();
        } else {
            pool.state(place).unanswered(trial);
            trial = false;
        }
    }

    @Override
    public void failed(Failure why) {
        if (place == NONE) {
            return;
        }
        notConnected = Optional.of(why.reason());
        if (why == Failure.LOCAL) {
            // The next one may still be reached, from another address or family; this one is not to blame.
            if (named) {
                hosts.leave(this, connected);
            } else {
                leave();
            }
            return;
        }
        if (named) {
            hosts.failed(why.code());
            pool.state(place).hostFailed();
            hosts.leave(this, connected);
            return;
        }
        pool.state(place).failed(why.code(), trial);
        trial = false;
        leave();
    }

    @Override
    public void release() {
        cancel(step);
        leave();
    }

    private void cancel(Step its) {
        if (its == step && its != Step.OVER) {
            step = Step.OVER;
            its.lookup.cancel();
            leave();
        }
    }

    /** Gives back what the flow holds of the target it is at. */
    private void leave() {
        if (place == NONE) {
            return;
        }
        hosts.leave(this, connected);
        TargetState state = pool.state(place);
        if (connected) {
            state.forget(this);
            state.closed();
            connected = false;
        }
        if (trial) {
            state.trialLost();
            trial = false;
        }
        state.givePlace();
        named = false;
        place = NONE;
    }

    // The search.

    /** Goes on until there is something to wait for or to report. Answers from memory come within it, and do not pile up on the stack. */
    private void advance(Step its, Answer answer) {
        if (its.advancing) {
            its.again = true;
            return;
        }
        its.advancing = true;
        do {
            its.again = false;
            search(its, answer);
        } while (its.again && its == step);
        its.advancing = false;
    }

    private void search(Step its, Answer answer) {
        if (named) {
            Optional<TargetState> host = hosts.next(pool.state(place).hosts().orElseThrow(), lastResort, pool.group().slowStart());
            if (host.isPresent()) {
                lookUp(its, host.get().lookUpName(), reply -> resolvedHost(its, answer, reply));
                return;
            }
            leave();
        }
        place = choose();
        if (place == NONE) {
            step = Step.OVER;
            answer.none(notConnected.orElse(nameFailed ? CloseReason.DNS_FAILED : CloseReason.NO_TARGET));
            return;
        }
        TargetState state = pool.state(place);
        been |= 1L << place;
        beenAtLast |= lastResort || state.hosts().isEmpty() ? 1L << place : 0;
        if (state.literal().isPresent()) {
            found(answer, List.of(new InetSocketAddress(state.literal().get(), port())));
        } else if (state.hosts().isPresent()) {
            lookUp(its, state.name(), reply -> resolvedService(its, answer, reply));
        } else {
            lookUp(its, state.name(), reply -> resolved(its, answer, reply));
        }
    }

    private void lookUp(Step its, String name, Consumer<NameAnswer> then) {
        int number = ++its.lookups;
        Cancellable lookup = names.get().resolve(name, request.loop(), reply -> {
            if (its == step) {
                then.accept(reply);
            }
        });
        // An answer from memory has come by now, and with it maybe another look-up.
        if (its == step && its.lookups == number) {
            its.lookup = lookup;
        }
    }

    private void resolved(Step its, Answer answer, NameAnswer reply) {
        TargetState state = pool.state(place);
        if (reply.usable()) {
            found(answer, state, reply);
        } else {
            placeFailed(state, reply);
            advance(its, answer);
        }
    }

    private void resolvedService(Step its, Answer answer, NameAnswer reply) {
        TargetState state = pool.state(place);
        if (reply.usable()) {
            reportProblem(state, reply);
            state.hosts().orElseThrow().settle(reply.hosts());
            state.resolved(trial);
            trial = false;
            named = true;
        } else {
            beenAtLast |= 1L << place;
            placeFailed(state, reply);
        }
        advance(its, answer);
    }

    private void resolvedHost(Step its, Answer answer, NameAnswer reply) {
        if (reply.usable()) {
            found(answer, hosts.at().orElseThrow(), reply);
        } else {
            nameFailed = true;
            hosts.nameFailed(NoNames.reason(reply), NoNames.counts(reply));
            pool.state(place).hostFailed();
            hosts.leave(this, false);
            advance(its, answer);
        }
    }

    private void placeFailed(TargetState state, NameAnswer reply) {
        nameFailed = true;
        state.nameFailed(state.name(), NoNames.reason(reply), NoNames.counts(reply), trial);
        trial = false;
        leave();
    }

    private static void reportProblem(TargetState state, NameAnswer reply) {
        if (reply.problem().isPresent()) {
            state.reportName(state.name(), NoNames.reason(reply));
        }
    }

    private void found(Answer answer, TargetState of, NameAnswer reply) {
        reportProblem(of, reply);
        found(answer, Endpoints.at(Endpoints.inTurn(reply, pool.group().preferIpv6(), of.turn()), port()));
    }

    private void found(Answer answer, List<InetSocketAddress> endpoints) {
        step = Step.OVER;
        answer.found(routed(), endpoints);
    }

    /** The target with the port of this flow's listener. */
    private Target routed() {
        return request.route().targets().get(place);
    }

    private int port() {
        TargetAddress address = hosts.at().map(TargetState::target).orElseGet(this::routed).address();
        return switch (address) {
            case TargetAddress.Host(String _, PortRange ports) -> ports.first();
            case TargetAddress.Service service -> throw new AssertionError(service + " has no port of its own");
        };
    }

    // The choice.

    private int choose() {
        pickedAt = environment.nanos().getAsLong();
        for (int rank = 0; rank < pool.ranks(); rank++) {
            int healthy = among(pool.places(rank) & ~been, false);
            if (healthy != NONE) {
                lastResort = false;
                return healthy;
            }
        }
        for (int rank = 0; rank < pool.ranks() && pool.group().allDown() == TargetGroup.AllDown.OPEN; rank++) {
            int failed = among(pool.places(rank) & ~beenAtLast, true);
            if (failed != NONE) {
                lastResort = true;
                return failed;
            }
        }
        return NONE;
    }

    private int among(long places, boolean atLast) {
        long open = 0;
        long due = 0;
        for (long rest = places; rest != 0; rest &= rest - 1) {
            int at = Long.numberOfTrailingZeros(rest);
            TargetState state = pool.state(at);
            lookForOtherHosts(state);
            int most = pool.target(at).maxConnections();
            if (state.drained() || most > 0 && state.load() >= most) {
                continue;
            }
            if (atLast ? openAtLast(at, state) : !state.health().failed()) {
                open |= 1L << at;
            } else if (!atLast && state.trialDue(pickedAt)) {
                due |= 1L << at;
            }
        }
        // Each round takes a bit away or ends.
        while ((open | due) != 0) {
            int at = pool.picker().pick(due == 0 || pool.trialsInOrder() ? open | due : due, this);
            if (taken(at, (due & 1L << at) != 0)) {
                return at;
            }
            open &= ~(1L << at);
            due &= ~(1L << at);
        }
        return NONE;
    }

    /** Whether the flow may find something there that it has not met. What had failed when it was looked at may have come back since. */
    private boolean openAtLast(int at, TargetState state) {
        return state.health().failed() || (been & 1L << at) == 0 || state.hosts().filter(hosts::hasLastResort).isPresent();
    }

    /** While all hosts of a service have failed nobody asks for it; but it may name others by now. */
    private void lookForOtherHosts(TargetState state) {
        if (state.health().hostsDown()) {
            state.hosts().ifPresent(its -> names.get().known(state.name()).filter(NameAnswer::usable).ifPresent(reply -> its.settle(reply.hosts())));
        }
    }

    private boolean taken(int at, boolean asTrial) {
        TargetState state = pool.state(at);
        if (!state.takePlace(pool.target(at).maxConnections())) {
            return false;
        }
        if (asTrial && !state.beginTrial(pickedAt)) {
            state.givePlace();
            return false;
        }
        trial = asTrial;
        return true;
    }

    // What the picker asks.

    @Override
    public int weight(int at) {
        return pool.weight(at, pickedAt);
    }

    @Override
    public int load(int at) {
        return pool.state(at).load();
    }

    @Override
    public InetAddress client() {
        return request.client();
    }
}
