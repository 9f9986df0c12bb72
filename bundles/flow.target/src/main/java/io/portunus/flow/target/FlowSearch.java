// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.NameService;
import io.portunus.flow.spi.TargetRequest;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.model.Target;
import io.portunus.model.TargetGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One flow's search: the healthy targets of the best priority first, those of the next ones after them, the failed ones last. Confined to
 * the flow's loop; asks about each target once a step, whatever there are.
 */
final class FlowSearch implements TargetSelection, Field {
    private static final int NONE = -1;

    private final Pool pool;
    private final TargetRequest request;
    private final Supplier<NameService> names;
    private final Consumer<CloseReason> end;
    private final Surroundings surroundings;
    /** Places that this flow has been to, a bit each. */
    private long been;
    private int place = NONE;
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
    }

    FlowSearch(Pool pool, TargetRequest request, Supplier<NameService> names, Consumer<CloseReason> end, Surroundings surroundings) {
        this.pool = pool;
        this.request = request;
        this.names = names;
        this.end = end;
        this.surroundings = surroundings;
    }

    // What the flow asks and tells.

    @Override
    public Cancellable next(Answer answer) {
        leave();
        Step its = new Step();
        step = its;
        search(its, answer);
        return () -> cancel(its);
    }

    @Override
    public void connected(InetSocketAddress endpoint, Duration took) {
        if (place == NONE || connected) {
            return;
        }
        connected = true;
        pool.state(place).connected(trial);
        trial = false;
        if (pool.group().closeOnDown()) {
            pool.state(place).endWithIt(this, end);
        }
    }

    @Override
    public void failed(Failure why) {
        if (place == NONE) {
            return;
        }
        notConnected = Optional.of(why == Failure.TIMEOUT ? CloseReason.CONNECT_TIMEOUT : CloseReason.CONNECT_FAILED);
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
        place = NONE;
    }

    // The search.

    private void search(Step its, Answer answer) {
        place = choose();
        if (place == NONE) {
            step = Step.OVER;
            answer.none(notConnected.orElse(nameFailed ? CloseReason.DNS_FAILED : CloseReason.NO_TARGET));
            return;
        }
        been |= 1L << place;
        Optional<InetAddress> literal = pool.state(place).literal();
        if (literal.isPresent()) {
            found(answer, List.of(new InetSocketAddress(literal.get(), port())));
            return;
        }
        int asked = place;
        Cancellable lookup = names.get().resolve(pool.target(place).address().host(), request.loop(), told -> {
            if (its == step) {
                resolved(its, answer, told);
            }
        });
        // An answer from memory has come by now, and with it maybe the look-up of the next target.
        if (its == step && place == asked) {
            its.lookup = lookup;
        }
    }

    private void resolved(Step its, Answer answer, NameAnswer told) {
        TargetState state = pool.state(place);
        String host = pool.target(place).address().host();
        if (told.usable()) {
            if (told.problem().isPresent()) {
                state.nameTold(host, NoNames.reason(told));
            }
            found(answer, Endpoints.at(Endpoints.inTurn(told, pool.group().preferIpv6(), state.turn()), port()));
            return;
        }
        nameFailed = true;
        state.nameFailed(host, NoNames.reason(told), NoNames.counts(told), trial);
        trial = false;
        leave();
        search(its, answer);
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
        return routed().address().ports().first();
    }

    // The choice.

    private int choose() {
        pickedAt = surroundings.nanos().getAsLong();
        for (int rank = 0; rank < pool.ranks(); rank++) {
            int healthy = among(pool.places(rank) & ~been, false);
            if (healthy != NONE) {
                return healthy;
            }
        }
        for (int rank = 0; rank < pool.ranks() && pool.group().allDown() == TargetGroup.AllDown.OPEN; rank++) {
            int failed = among(pool.places(rank) & ~been, true);
            if (failed != NONE) {
                return failed;
            }
        }
        return NONE;
    }

    private int among(long places, boolean lastResort) {
        long open = 0;
        long due = 0;
        for (long rest = places; rest != 0; rest &= rest - 1) {
            int at = Long.numberOfTrailingZeros(rest);
            TargetState state = pool.state(at);
            Health health = state.health();
            int most = pool.target(at).maxConnections();
            if (state.drained() || most > 0 && state.load() >= most) {
                continue;
            }
            if (health.failed() == lastResort) {
                open |= 1L << at;
            } else if (!lastResort && health.trialDue(pickedAt)) {
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
