// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.TargetOutlook;
import io.portunus.model.IpLiterals;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import io.portunus.model.TargetGroup.Pick;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What would be picked is what is picked. */
class OutlookTest {
    private static final String A = "192.0.2.1:80";
    private static final String B = "192.0.2.2:80";
    private static final String C = "192.0.2.3:80";

    private final World world = new World();

    @AfterEach
    void stop() {
        world.targets.stop();
    }

    private TargetOutlook outlook(Rule rule, String client) {
        return world.targets.outlook(new Route(rule, Route.MatchedBy.PLAIN, rule.targetsFor(rule.listen().getFirst().first())),
            IpLiterals.parse(client).orElseThrow());
    }

    private List<String> targets(Rule rule) {
        return outlook(rule, "198.51.100.1").targets();
    }

    @ParameterizedTest
    @EnumSource(Pick.class)
    void isWhereFlowsGoAndChangesNothing(Pick pick) {
        Rule rule = world.apply(World.group(pick, World.target(A), World.target(B), World.target(C)));

        for (int i = 1; i < 50; i++) {
            String client = "198.51.100." + i;
            TargetOutlook outlook = outlook(rule, client);
            assertThat(outlook(rule, client)).isEqualTo(outlook);
            assertThat(outlook.targets()).contains(world.order(rule, client).getFirst())
                .hasSize(pick == Pick.FIRST || pick == Pick.SOURCE_HASH ? 1 : 3);
        }
    }

    @Test
    void isOfTheBestPriorityThatHasOneLeft() {
        Rule rule = world.apply(World.group(Pick.ROUND_ROBIN, World.ranked(A, 0), World.limited(B, 1, 1), World.ranked(C, 1)));
        assertThat(targets(rule)).containsExactly(A);

        world.fail(rule, A);
        assertThat(targets(rule)).containsExactly(B, C);
        assertThat(world.targets.drain(rule.name(), C, true)).isTrue();
        world.connect(rule);
        assertThat(outlook(rule, "198.51.100.1")).isEqualTo(new TargetOutlook(List.of(A), true));
        assertThat(world.targets.drain(rule.name(), A, true)).isTrue();
        assertThat(outlook(rule, "198.51.100.1")).isEqualTo(TargetOutlook.NONE);
    }

    @Test
    void isNothingWhereFailedTargetsAreClosed() {
        Rule rule = world.apply(World.closed(World.group(Pick.FIRST, World.target(A))));
        world.fail(rule, A);

        assertThat(outlook(rule, "198.51.100.1")).isEqualTo(TargetOutlook.NONE);
    }
}
