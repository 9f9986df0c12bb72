// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.RuleCounts;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import java.util.concurrent.atomic.LongAdder;

/** Counters of one rule. Thread-safe. */
final class RuleCounters {
    final LongAdder bytesIn = new LongAdder();
    final LongAdder bytesOut = new LongAdder();
    final LongAdder active = new LongAdder();
    final Ceiling ceiling;
    final LongAdder dnsFailures = new LongAdder();
    final LongAdder connectFailures = new LongAdder();
    private final LongAdder plain = new LongAdder();
    private final LongAdder exact = new LongAdder();
    private final LongAdder wildcard = new LongAdder();
    private final LongAdder fallback = new LongAdder();
    private final LongAdder kind = new LongAdder();
    private final LongAdder rest = new LongAdder();

    RuleCounters(String rule) {
        ceiling = new Ceiling("rule " + rule);
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

    RuleCounts snapshot(Rule rule, boolean sharedByName) {
        long total = plain.sum() + exact.sum() + wildcard.sum() + fallback.sum() + kind.sum() + rest.sum();
        return new RuleCounts(rule.name(), rule.idText(), bytesIn.sum(), bytesOut.sum(), active.sum(), total, dnsFailures.sum(),
            connectFailures.sum(), exact.sum(), wildcard.sum(), fallback.sum(), sharedByName);
    }
}
