// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.ForwardingTable;
import io.portunus.model.TargetGroup.Pick;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TargetsSelfCheckTest {
    @RepeatedTest(5)
    void findsNothingWrong() {
        assertThat(new TargetsSelfCheck().run()).isEmpty();
    }

    @Test
    void theComponentNeedsNothing() {
        TargetsComponent component = new TargetsComponent();
        component.bindNames(new FakeNames());
        component.applied(World.table(World.rule(1, World.group(Pick.FIRST, World.target("a.example:80")))));
        component.unbindNames(new FakeNames());

        assertThat(component.targets()).hasSize(1);
        component.applied(ForwardingTable.EMPTY);
        component.deactivate();
        assertThat(component.targets()).isEmpty();
    }
}
