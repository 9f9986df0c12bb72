// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.api.CloseReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One flow among the hosts of services: where it is, and where it has been. Confined to the flow's loop. */
final class HostSearch {
    private final Environment environment;
    /** At most as many as all services of the rule have named meanwhile; a flow comes to none twice. */
    private final List<TargetState> met = new ArrayList<>(2);
    private Optional<TargetState> at = Optional.empty();
    private boolean trial;

    HostSearch(Environment environment) {
        this.environment = environment;
    }

    /** Whether the service has a host that the flow has not met, and could try when nothing else is left. */
    boolean hasLastResort(ServiceHosts all) {
        return all.hasBeside(met);
    }

    /**
     * Goes to the next host, the healthy ones in the order of RFC 2782.
     *
     * @param lastResort whether failed ones are tried, as nothing else is left
     * @param slowStart how long a host that came back gets less than its share
     */
    Optional<TargetState> next(ServiceHosts all, boolean lastResort, Duration slowStart) {
        long now = environment.nanos().getAsLong();
        List<TargetState> open = new ArrayList<>(all.states());
        open.removeIf(host -> met.contains(host) || !lastResort && host.health().failed() && !host.health().trialDue(now));
        // Each round takes one away or ends.
        while (!open.isEmpty() && at.isEmpty()) {
            TargetState host = ServiceHosts.pick(open, its -> !lastResort && its.health().failed(), environment.chance().get(),
                its -> its.health().standing().percent(now, slowStart));
            open.remove(host);
            boolean asTrial = !lastResort && host.health().failed();
            if (!asTrial || host.beginTrial(now)) {
                met.add(host);
                at = Optional.of(host);
                trial = asTrial;
            }
        }
        return at;
    }

    Optional<TargetState> at() {
        return at;
    }

    void connected() {
        at.ifPresent(host -> host.connected(trial));
        trial = false;
    }

    void unanswered() {
        at.ifPresent(host -> host.unanswered(trial));
        trial = false;
    }

    void failed(String reason) {
        at.ifPresent(host -> host.failed(reason, trial));
        trial = false;
    }

    void nameFailed(String reason, boolean counts) {
        at.ifPresent(host -> host.nameFailed(host.name(), reason, counts, trial));
        trial = false;
    }

    void endWithIt(Object flow, Consumer<CloseReason> end) {
        at.ifPresent(host -> host.endWithIt(flow, end));
    }

    /** Gives back what the flow holds of the host. */
    void leave(Object flow, boolean connected) {
        at.ifPresent(host -> {
            if (connected) {
                host.forget(flow);
                host.closed();
            }
            if (trial) {
                host.trialLost();
                trial = false;
            }
        });
        at = Optional.empty();
    }
}
