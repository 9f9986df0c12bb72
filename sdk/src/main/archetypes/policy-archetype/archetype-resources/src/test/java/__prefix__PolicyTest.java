package ${package};

import io.portunus.itest.contracts.PolicyContract;
import io.portunus.model.Governance;
import io.portunus.model.Match;
import io.portunus.model.PolicySettings;
import io.portunus.model.PortRange;
import io.portunus.model.Rule;
import io.portunus.model.TargetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tests are those that every policy has to pass, over upgrades and roll-backs, too; add your own here. */
class ${prefix}PolicyTest extends PolicyContract {
    private static final int PLACES = 3;

    ${prefix}PolicyTest() {
        super(${prefix}Policy::new, new ${prefix}SelfCheck(), limited(), PLACES);
    }

    private static Rule limited() {
        return Rule.of(1, "limited", List.of(PortRange.of(1)), Match.ANY, TargetAddress.parse("127.0.0.1:1")).withGovernance(new Governance(
            Optional.empty(), Map.of(), Map.of(${prefix}Policy.KIND, new PolicySettings(Map.of("flows", (long) PLACES)))));
    }
}
