// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.policy;

import io.portunus.itest.contracts.PolicyContract;
import io.portunus.model.Governance;
import io.portunus.model.Match;
import io.portunus.model.PolicySettings;
import io.portunus.model.PortRange;
import io.portunus.model.RateLimit;
import io.portunus.model.Rule;
import io.portunus.model.TargetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What every policy holds to, while versions of it come and go. */
class LimitsPolicyTest extends PolicyContract {
    private static final int PLACES = 3;

    LimitsPolicyTest() {
        super(LimitsPolicy::new, new LimitsSelfCheck(), rule(Map.of(RateLimit.CONCURRENT_CONNECTIONS, (long) PLACES,
            RateLimit.BANDWIDTH_IN_BPS, 1_000L)), PLACES);
    }

    static Rule rule(Map<String, Object> limits) {
        return Rule.of(1, "limited", List.of(PortRange.of(1)), Match.ANY, TargetAddress.parse("127.0.0.1:1")).withGovernance(
            new Governance(Optional.empty(), Map.of(), Map.of(RateLimit.KIND, new PolicySettings(limits))));
    }
}
