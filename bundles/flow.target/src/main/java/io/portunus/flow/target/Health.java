// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.model.HealthPolicy;
import io.portunus.model.Probe;
import java.time.Instant;

/**
 * Whether a target is healthy, and the way there. It has failed while flows or probes say so, each by their own count. What only flows
 * said is taken back by flows, or by probes; what probes said by probes alone: a target whose own check says no gets no flow to try it
 * with. Immutable; each event gives the next one.
 *
 * @param flows what flows say
 * @param probe what probes say
 * @param standing how it came to be
 */
record Health(ByFlows flows, ByProbe probe, Standing standing) {
    /** Reason of a target that flows brought back. */
    static final String CONNECTED = "connected";
    /** Reason of a target that probes brought back. */
    static final String PROBE_OK = "probe_ok";

    static Health fresh(Instant since) {
        return new Health(ByFlows.UP, ByProbe.UP, Standing.fresh(since));
    }

    boolean failed() {
        return flows.down() || probe.down();
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
    Health failed(HealthPolicy policy, String reason, Moment now, boolean wasTrial) {
        return turn(flows.failed(policy, now.nanos(), wasTrial), probe, reason, now);
    }

    /** A flow connected. */
    Health made(HealthPolicy policy, Moment now, boolean wasTrial) {
        return turn(flows.made(policy, now.nanos(), wasTrial), probe, CONNECTED, now);
    }

    /** A probe was answered. */
    Health answered(Probe asked, ProbeResult result, Moment now) {
        ByProbe next = probe.answered(asked, result.good());
        if (result.good() && next.run() >= asked.rise()) {
            return turn(flows.down() ? ByFlows.UP : flows, next, PROBE_OK, now);
        }
        return turn(flows, next, result.reason(), now);
    }

    /** Nobody probes it any more: what probes said is for flows to find out. */
    Health unprobed(HealthPolicy policy, long now) {
        if (probe.equals(ByProbe.UP)) {
            return this;
        }
        return new Health(probe.down() ? ByFlows.down(Trial.atOnce(policy, now)) : flows, ByProbe.UP, standing);
    }

    Health trialBegun() {
        return new Health(flows.with(flows.trial().begun()), probe, standing);
    }

    /** The flow that tried has gone without an answer. */
    Health trialLost(long now) {
        return flows.down() ? new Health(flows.with(flows.trial().again(now)), probe, standing) : this;
    }

    /** It was drained and is no more. */
    Health undrained(long now) {
        return failed() ? this : new Health(flows, probe, standing.back(now));
    }

    private Health turn(ByFlows byFlows, ByProbe byProbe, String reason, Moment now) {
        boolean fails = byFlows.down() || byProbe.down();
        if (fails == failed()) {
            return new Health(byFlows, byProbe, standing);
        }
        // Good answers from before the failure do not count for the way back.
        return new Health(byFlows, fails && byFlows.down() ? byProbe.afresh() : byProbe, standing.turned(!fails, reason, now));
    }
}
