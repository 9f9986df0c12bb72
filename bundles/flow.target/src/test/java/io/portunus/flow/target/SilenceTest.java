// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.TargetView.State;
import io.portunus.model.HealthPolicy;
import io.portunus.model.Rule;
import io.portunus.model.SilencePolicy;
import io.portunus.model.TargetGroup.Pick;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** U5: the share of sessions that a target does not answer. */
class SilenceTest {
    private static final String FIRST = "192.0.2.1:53";
    private static final String SECOND = "192.0.2.2:53";

    private final World world = new World();
    private final Rule rule = world.apply(World.healthy(World.group(Pick.FIRST, World.target(FIRST), World.target(SECOND)),
        HealthPolicy.DEFAULT.with(new SilencePolicy(75, 4, Duration.ofSeconds(1)))));

    private World.Search session() {
        World.Search search = world.search(rule);
        assertThat(search.next()).isTrue();
        return search;
    }

    private void settle(int answered, int silent) {
        for (int i = 0; i < answered; i++) {
            session().connected();
        }
        for (int i = 0; i < silent; i++) {
            session().selection.unanswered();
        }
    }

    @Test
    void failsATargetWhoseShareOfSilenceIsReached() {
        settle(1, 2);
        assertThat(world.state(FIRST)).isEqualTo(State.HEALTHY);

        settle(0, 1);

        assertThat(world.state(FIRST)).isEqualTo(State.FAILED);
        assertThat(world.view(FIRST).reason()).isEqualTo("silent");
        assertThat(session().target()).isEqualTo(SECOND);
    }

    @Test
    void leavesATargetThatAnswersEnough() {
        settle(2, 4);

        assertThat(world.state(FIRST)).isEqualTo(State.HEALTHY);
        settle(0, 2);
        assertThat(world.state(FIRST)).isEqualTo(State.FAILED);
    }

    @Test
    void countsNoFewerSessionsThanItShouldAndEachWindowAnew() {
        settle(0, 3);
        world.pass(HealthPolicy.DEFAULT.window().plusNanos(1));
        settle(0, 3);
        assertThat(world.state(FIRST)).isEqualTo(State.HEALTHY);

        settle(0, 1);

        assertThat(world.state(FIRST)).isEqualTo(State.FAILED);
    }

    @Test
    void oneSessionTriesWhetherItIsBackAndItsAnswerDecides() {
        settle(0, 4);
        world.pass(HealthPolicy.DEFAULT.ejection());
        World.Search trial = session();
        assertThat(trial.target()).isEqualTo(FIRST);
        trial.selection.unanswered();
        assertThat(session().target()).isEqualTo(SECOND);

        world.pass(HealthPolicy.DEFAULT.ejection().multipliedBy(2));
        for (int i = 0; i < HealthPolicy.DEFAULT.successes(); i++) {
            World.Search again = session();
            assertThat(again.target()).isEqualTo(FIRST);
            again.connected();
        }

        assertThat(world.state(FIRST)).isEqualTo(State.HEALTHY);
    }

    @Test
    void anAnswerThatComesLateTakesTheSilenceNotBackAndASessionThatWasAnsweredIsNotSilent() {
        World.Search late = session();
        late.selection.unanswered();
        late.connected();
        late.selection.unanswered();
        assertThat(world.view(FIRST).counts().active()).isOne();

        late.selection.release();

        assertThat(world.view(FIRST).counts().active()).isZero();
        settle(0, 2);
        assertThat(world.state(FIRST)).isEqualTo(State.FAILED);
    }

    @Test
    void withoutThePolicySilenceIsNoFailure() {
        Rule plain = world.apply(World.group(Pick.FIRST, World.target(FIRST)));
        for (int i = 0; i < 100; i++) {
            World.Search search = world.search(plain);
            search.next();
            search.selection.unanswered();
        }

        assertThat(world.state(FIRST)).isEqualTo(State.HEALTHY);
    }
}
