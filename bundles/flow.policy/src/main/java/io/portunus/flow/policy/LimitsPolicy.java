// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.policy;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.LimitRow;
import io.portunus.flow.spi.Admission;
import io.portunus.flow.spi.AdmissionRequest;
import io.portunus.flow.spi.LimitsRequest;
import io.portunus.flow.spi.Policy;
import io.portunus.model.Offer;
import io.portunus.model.Protocol;
import io.portunus.model.RateLimit;
import java.util.List;
import java.util.function.LongSupplier;
import org.osgi.annotation.bundle.Header;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Limits the flows of rules that set {@code rate_limit}: bytes a second each way, new connections a second, open connections. Numbers and counts
 * are in cells of the engine: versions of the policy go on with them, and what a reload sets holds for flows of all versions. Flows that are open
 * when a limit comes are counted and not ended; they move by its bandwidth from then on. Thread-safe.
 */
@Header(name = Offer.HEADER, value = "policy;kind=limits")
@Component(service = Policy.class)
public final class LimitsPolicy implements Policy {
    static final CloseReason CONCURRENT = new CloseReason("conn_concurrent", CloseReason.Side.SELF,
        "The rule has as many open connections as it may have.");
    static final CloseReason RATE = new CloseReason("conn_rate", CloseReason.Side.SELF, "The rule takes no more new connections at once.");
    static final CloseReason UDP_RATE = new CloseReason("udp_flow_rate", CloseReason.Side.SELF, "The rule takes no more new sessions at once.");

    private final LongSupplier nanos;

    /** Goes by the clock of the system. */
    @Activate
    public LimitsPolicy() {
        this(System::nanoTime);
    }

    /** Goes by a monotonic clock of nanoseconds. */
    LimitsPolicy(LongSupplier nanos) {
        this.nanos = nanos;
    }

    @Override
    public String kind() {
        return RateLimit.KIND;
    }

    @Override
    public List<CloseReason> reasons() {
        return List.of(CONCURRENT, RATE, UDP_RATE);
    }

    /** What is open already is counted, and neither opens a connection nor is one too many. */
    @Override
    public Admission admit(AdmissionRequest request) {
        Limits set = Limits.of(request.rule());
        if (set.equals(Limits.NONE)) {
            return Admission.UNLIMITED;
        }
        RuleLimits limits = new RuleLimits(request.cells(), request.rule(), nanos);
        limits.set(set);
        if (request.open()) {
            limits.join();
        } else if (!limits.enter()) {
            limits.release();
            return new Admission.Refused(CONCURRENT);
        } else if (!limits.open()) {
            limits.leave();
            limits.release();
            return new Admission.Refused(request.protocol() == Protocol.UDP ? UDP_RATE : RATE);
        }
        return new Admission.Granted(new RuleLease(limits, request, !request.open()));
    }

    @Override
    public List<LimitRow> limits(LimitsRequest request) {
        return new LimitsView(request.cells(), nanos).rows(request.rules());
    }
}
