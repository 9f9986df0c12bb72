// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.LimitRow;
import io.portunus.flow.spi.AcceptRequest;
import io.portunus.flow.spi.Admission;
import io.portunus.flow.spi.AdmissionRequest;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.Lease;
import io.portunus.flow.spi.LimitsRequest;
import io.portunus.flow.spi.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Answers as the test sets and gives leases that remember their end. Confined to the test's thread. */
final class FakePolicy implements Policy {
    final List<AdmissionRequest> asked = new ArrayList<>();
    final List<AcceptRequest> askedAtAccept = new ArrayList<>();
    /** What is answered before a byte is read. */
    Function<AcceptRequest, Admission> atAccept = request -> Admission.UNLIMITED;
    int released;
    /** Reasons of its own. */
    List<CloseReason> reasons = List.of();
    boolean reasonsFail;
    /** What it shows. */
    Function<LimitsRequest, List<LimitRow>> shows = request -> List.of();
    private final String kind;
    private final Function<FakePolicy, Admission> answer;

    FakePolicy(String kind, Function<FakePolicy, Admission> answer) {
        this.kind = kind;
        this.answer = answer;
    }

    /** One that gives these budgets. */
    static FakePolicy granting(String kind, Budget in, Budget out) {
        return new FakePolicy(kind, policy -> new Admission.Granted(new Lease() {
            @Override
            public Budget in() {
                return in;
            }

            @Override
            public Budget out() {
                return out;
            }

            @Override
            public void release() {
                policy.released++;
            }
        }));
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public Admission accept(AcceptRequest request) {
        askedAtAccept.add(request);
        return atAccept.apply(request);
    }

    @Override
    public List<CloseReason> reasons() {
        if (reasonsFail) {
            throw new IllegalStateException("as the test wants");
        }
        return reasons;
    }

    @Override
    public List<LimitRow> limits(LimitsRequest request) {
        return shows.apply(request);
    }

    @Override
    public Admission admit(AdmissionRequest request) {
        asked.add(request);
        return answer.apply(this);
    }
}
