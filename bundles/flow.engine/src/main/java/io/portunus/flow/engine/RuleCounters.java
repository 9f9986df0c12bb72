// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.DatagramDrop;
import io.portunus.flow.api.LimitCounts;
import io.portunus.flow.api.RuleCounts;
import io.portunus.model.Protocol;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counters of one rule. Thread-safe. */
final class RuleCounters {
    final LongAdder bytesIn = new LongAdder();
    final LongAdder bytesOut = new LongAdder();
    final LongAdder active = new LongAdder();
    final Ceiling ceiling;
    final LongAdder dnsFailures = new LongAdder();
    final LongAdder connectFailures = new LongAdder();
    final SessionCounts sessions;
    private final LongAdder datagramsIn = new LongAdder();
    private final LongAdder datagramsOut = new LongAdder();
    private final LongAdder unreachable = new LongAdder();
    private final Map<DatagramDrop, LongAdder> dropped = new EnumMap<>(DatagramDrop.class);
    /** By kind of policy; as many as ever limited a flow of the rule. */
    private final Map<String, LimitCounters> limited = new ConcurrentHashMap<>();
    private final LongAdder plain = new LongAdder();
    private final LongAdder exact = new LongAdder();
    private final LongAdder wildcard = new LongAdder();
    private final LongAdder fallback = new LongAdder();
    private final LongAdder kind = new LongAdder();
    private final LongAdder rest = new LongAdder();

    RuleCounters(String rule) {
        ceiling = new Ceiling("rule " + rule);
        sessions = new SessionCounts(ceiling);
        for (DatagramDrop why : DatagramDrop.values()) {
            dropped.put(why, new LongAdder());
        }
    }

    void routed(Route.MatchedBy match) {
        active.increment();
        (switch (match) {
            case PLAIN -> plain;
            case EXACT -> exact;
            case WILDCARD, EXPRESSION -> wildcard;
            case FALLBACK -> fallback;
            case KIND -> kind;
            case REST -> rest;
        }).increment();
    }

    /** A session that began is over. */
    void endsSession(CloseReason reason, SessionCounts.Place place) {
        sessions.ends(place);
        if (reason.equals(CloseReason.CONNECT_FAILED)) {
            unreachable.increment();
        }
    }

    void datagramsIn(int count) {
        datagramsIn.add(count);
    }

    void datagramsOut(int count) {
        datagramsOut.add(count);
    }

    void dropped(DatagramDrop why, int count) {
        counter(why).add(count);
    }

    /** What its flows met at a policy. */
    LimitCounters limited(String policy) {
        LimitCounters known = limited.get(policy);
        return known != null ? known : limited.computeIfAbsent(policy, kind -> new LimitCounters());
    }

    /** The same for surfaces. */
    LimitCounts limits(String policy, List<CloseReason> reasons) {
        return limited(policy).counts(reasons, why -> counter(why).sum());
    }

    private LongAdder counter(DatagramDrop why) {
        return Objects.requireNonNull(dropped.get(why), "each cause has a counter");
    }

    private RuleCounts.Datagrams datagrams(Rule rule) {
        if (!rule.protocols().has(Protocol.UDP)) {
            return RuleCounts.Datagrams.NONE;
        }
        Map<DatagramDrop, Long> sums = new EnumMap<>(DatagramDrop.class);
        dropped.forEach((why, count) -> sums.put(why, count.sum()));
        return new RuleCounts.Datagrams(datagramsIn.sum(), datagramsOut.sum(), sums, unreachable.sum(), sessions.count());
    }

    RuleCounts snapshot(Rule rule, boolean sharedByName) {
        long total = plain.sum() + exact.sum() + wildcard.sum() + fallback.sum() + kind.sum() + rest.sum();
        return new RuleCounts(rule.name(), rule.idText(), bytesIn.sum(), bytesOut.sum(), active.sum(), total, dnsFailures.sum(),
            connectFailures.sum(), exact.sum(), wildcard.sum(), fallback.sum(), sharedByName,
            datagrams(rule));
    }
}
