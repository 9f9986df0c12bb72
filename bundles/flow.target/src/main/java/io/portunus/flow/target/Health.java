// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.model.HealthPolicy;
import io.portunus.model.Probe;
import java.time.Instant;

/**
 * Whether a target is healthy, and the way there. It has failed while it has by flows or by probes, each by their own count. A failure by
 * flows alone is taken back by flows, or by probes; one by probes by probes alone: a target whose own check fails gets no flow to try it
 * with. A service has failed as well while all its hosts have. Immutable; each event gives the next one.
 *
 * @param flows what flows show; of a service, whether its name can be looked up
 * @param probe what probes show; of a service, whether its name can be looked up
 * @param hostsDown whether it is a service, and all its hosts have failed
 * @param standing how it came to be
 */
record Health(ByFlows flows, ByProbe probe, boolean hostsDown, Standing standing) {
    /** Reason of a target that flows brought back. */
    static final String CONNECTED = "connected";
    /** Reason of a target that answered too few of its sessions. */
    static final String SILENT = "silent";
    /** Reason of a target that probes brought back. */
    static final String PROBE_OK = "probe_ok";
    /** Reason of a service whose name can be looked up again. */
    static final String RESOLVED = "resolved";
    /** Reason of a service that names other hosts now. */
    static final String HOSTS_CHANGED = "hosts_changed";

    static Health fresh(Instant since) {
        return new Health(ByFlows.UP, ByProbe.UP, false, Standing.fresh(since));
    }

    boolean failed() {
        return flows.down() || probe.down() || hostsDown;
    }

    /** Whether a connection that is made changes nothing. */
    boolean untroubled() {
        return !flows.down() && flows.failedAt().isEmpty();
    }

    /** Whether a flow may try it although it has failed. */
    boolean trialDue(long now) {
        return flows.down() && !probe.down() && flows.trial().due(now);
    }

    /** A flow could not connect. */
    Health failed(HealthPolicy policy, String reason, Timestamp now, boolean wasTrial) {
        return turn(flows.failed(policy, now.nanos(), wasTrial), probe, reason, now);
    }

    /** Too many sessions were not answered. */
    Health silent(HealthPolicy policy, Timestamp now) {
        return flows.down() ? this : turn(ByFlows.down(Trial.first(policy, now.nanos())), probe, SILENT, now);
    }

    /** A flow connected. */
    Health made(HealthPolicy policy, Timestamp now, boolean wasTrial) {
        return turn(flows.made(policy, now.nanos(), wasTrial), probe, CONNECTED, now);
    }

    /** The name of a service was looked up. */
    Health resolved(HealthPolicy policy, Timestamp now, boolean wasTrial) {
        return turn(flows.made(policy, now.nanos(), wasTrial), probe, RESOLVED, now);
    }

    /** The hosts of a service have failed, all of them, or have not. */
    Health hosts(boolean down, String reason, Timestamp now) {
        return turn(new Health(flows, probe, down, standing), reason, now);
    }

    /** A probe was answered. */
    Health answered(Probe asked, ProbeResult result, Timestamp now) {
        ByProbe next = probe.answered(asked, result.good());
        if (result.good() && next.run() >= asked.rise()) {
            return turn(flows.down() ? ByFlows.UP : flows, next, PROBE_OK, now);
        }
        return turn(flows, next, result.reason(), now);
    }

    /** Nobody probes it any more: what probes showed is for flows to find out. */
    Health unprobed(HealthPolicy policy, long now) {
        if (probe.equals(ByProbe.UP)) {
            return this;
        }
        return new Health(probe.down() ? ByFlows.down(Trial.atOnce(policy, now)) : flows, ByProbe.UP, hostsDown, standing);
    }

    Health trialBegun() {
        return new Health(flows.with(flows.trial().begun()), probe, hostsDown, standing);
    }

    /** The flow that tried has gone without an answer. */
    Health trialLost(long now) {
        return flows.down() ? new Health(flows.with(flows.trial().again(now)), probe, hostsDown, standing) : this;
    }

    /** It was drained and is no more. */
    Health undrained(long now) {
        return failed() ? this : new Health(flows, probe, hostsDown, standing.back(now));
    }

    private Health turn(ByFlows byFlows, ByProbe byProbe, String reason, Timestamp now) {
        return turn(new Health(byFlows, byProbe, hostsDown, standing), reason, now);
    }

    private Health turn(Health to, String reason, Timestamp now) {
        boolean fails = to.failed();
        if (fails == failed()) {
            return to;
        }
        // Good answers from before the failure do not count for the way back.
        return new Health(to.flows, fails && to.flows.down() ? to.probe.afresh() : to.probe, to.hostsDown, standing.turned(!fails, reason, now));
    }
}
