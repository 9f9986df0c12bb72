// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.TargetView;
import io.portunus.model.ForwardingTable;
import io.portunus.model.HealthPolicy;
import io.portunus.model.Rule;
import io.portunus.model.RuleDifference;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetGroup.Pick;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Targets that are given changes are as those that are given the last set alone. */
class TargetsChangesTest {
    private final World world = new World();
    private final FakeNames names = new FakeNames();
    private ForwardingTable table = ForwardingTable.EMPTY;

    private void change(List<Rule> rules) {
        table = table.with(RuleDifference.between(table.rules(), new RuleSet("n", rules)));
        world.targets.applied(table);
    }

    private static Rule to(long id, String target) {
        return World.rule(id, World.group(Pick.FIRST, World.target(target)));
    }

    @Test
    void targetsOfOtherRulesKeepTheirHealthAndTheirTurn() {
        Rule a = to(1, "192.0.2.1:1");
        Rule b = World.rule(2, World.group(Pick.ROUND_ROBIN, World.target("192.0.2.2:1"), World.target("192.0.2.3:1")));
        change(List.of(a, b, to(3, "192.0.2.4:1")));
        world.fail(a, "192.0.2.1:1");
        String first = world.order(b).getFirst();

        change(List.of(a, b, to(3, "192.0.2.5:1")));

        assertThat(world.state("192.0.2.1:1")).isEqualTo(TargetView.State.FAILED);
        assertThat(world.order(b).getFirst()).isNotEqualTo(first);
        assertThat(world.targets.targets()).extracting(TargetView::target)
            .containsExactly("192.0.2.1:1", "192.0.2.2:1", "192.0.2.3:1", "192.0.2.5:1");
    }

    @Test
    void namesAreKeptAsLongAsARuleHasThem() {
        world.targets.names(names);
        change(List.of(to(1, "a.example:1"), to(2, "b.example:1"), to(3, "b.example:2"), to(4, "192.0.2.1:1")));
        assertThat(names.kept).containsExactlyInAnyOrder("a.example", "b.example");

        change(List.of(to(1, "a.example:1"), to(3, "b.example:2"), to(4, "192.0.2.1:1")));
        assertThat(names.kept).containsExactlyInAnyOrder("a.example", "b.example");

        change(List.of(to(1, "c.example:1"), to(3, "192.0.2.2:1"), to(4, "192.0.2.1:1")));
        assertThat(names.kept).containsExactly("c.example");
    }

    @Test
    void randomChangesLeaveTheTargetsOfTheLastSet() {
        Random random = new Random(3);
        world.targets.names(names);
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int place = rules.isEmpty() ? 0 : random.nextInt(rules.size());
            String target = (random.nextBoolean() ? "192.0.2." : "n") + random.nextInt(6) + (random.nextBoolean() ? ":1" : ":2");
            switch (rules.isEmpty() ? 0 : random.nextInt(5)) {
                case 0, 1 -> rules.add(place, to(i, target));
                case 2 -> rules.remove(place);
                case 3 -> rules.set(place, rules.get(place).withEnabled(!rules.get(place).enabled()));
                default -> rules.set(place, rules.get(place).withTargets(World.healthy(
                    World.group(Pick.FIRST, World.target(target)), HealthPolicy.DEFAULT)));
            }
            change(List.copyOf(rules));

            World fresh = new World();
            FakeNames freshNames = new FakeNames();
            fresh.targets.names(freshNames);
            fresh.targets.applied(ForwardingTable.compile(new RuleSet("n", rules)));
            assertThat(brief(world)).isEqualTo(brief(fresh));
            assertThat(names.kept).isEqualTo(freshNames.kept);
        }
    }

    private static List<String> brief(World its) {
        return its.targets.targets().stream().map(view -> view.rule() + " " + view.target() + " " + view.state()).toList();
    }
}
