// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.memory;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.model.IpLiterals;
import io.portunus.model.PortRange;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives the targets of a route in their order, and records what it is given. Confined to one thread. */
public final class MemorySelection implements TargetSelection {
    /** Addresses of names; a name that is not here does not resolve, and its target is passed over. */
    public final Map<String, List<InetAddress>> names = new HashMap<>();
    /** Failures it was given. */
    public final List<Failure> failures = new ArrayList<>();
    /** Endpoints that took the flow. */
    public final List<InetSocketAddress> connected = new ArrayList<>();
    /** How long they took for it. */
    public final List<Duration> took = new ArrayList<>();
    /** Whether it answers only when {@link #answer()} is called, as it does while a name is looked up. */
    public boolean waits;
    /** How often a target had not answered in time. */
    public int unanswered;
    /** How often it was begun. */
    public int begun;
    /** How often it was released; once a flow, if all is well. */
    public int released;
    /** Searches that were cancelled while they waited. */
    public int cancelled;
    private Iterator<Target> left = List.<Target>of().iterator();
    private boolean tried;
    private @Nullable Answer waiting;

    /** Begins anew with the targets of a route. */
    public void begin(List<Target> targets) {
        begun++;
        left = targets.iterator();
    }

    @Override
    public Cancellable next(Answer answer) {
        if (!waits) {
            answer(answer);
            return () -> { };
        }
        waiting = answer;
        return () -> {
            cancelled += waiting == null ? 0 : 1;
            waiting = null;
        };
    }

    /** Answers what waits. */
    public void answer() {
        Answer answer = waiting;
        if (answer != null) {
            waiting = null;
            answer(answer);
        }
    }

    private void answer(Answer answer) {
        while (left.hasNext()) {
            Target target = left.next();
            if (!(target.address() instanceof TargetAddress.Host(String host, PortRange ports))) {
                throw new AssertionError("there are no services in memory");
            }
            List<InetAddress> addresses = IpLiterals.parse(host).map(List::of).orElse(names.getOrDefault(host, List.of()));
            if (!addresses.isEmpty()) {
                tried = true;
                answer.found(target, addresses.stream().map(a -> new InetSocketAddress(a, ports.first())).toList());
                return;
            }
        }
        answer.none(last().orElse(tried ? CloseReason.NO_TARGET : CloseReason.DNS_FAILED));
    }

    private Optional<CloseReason> last() {
        return failures.isEmpty() ? Optional.empty()
            : Optional.of(failures.getLast().reason());
    }

    @Override
    public void connected(InetSocketAddress endpoint, Duration time) {
        connected.add(endpoint);
        took.add(time);
    }

    @Override
    public void unanswered() {
        unanswered++;
    }

    @Override
    public void failed(Failure why) {
        failures.add(why);
    }

    @Override
    public void release() {
        released++;
    }
}
