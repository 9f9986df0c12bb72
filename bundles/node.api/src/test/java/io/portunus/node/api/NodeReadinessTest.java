// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NodeReadinessTest {
    private static final Problem ILL = Problem.of(ProblemCode.COMPONENT_MISSING, "", "it is ill");
    private final NodeReadiness readiness = new NodeReadiness(Duration.ofMillis(300));

    private record Check(String name, Supplier<List<Problem>> answer) implements ReadinessCheck {
        @Override
        public List<Problem> problems() {
            return answer.get();
        }
    }

    @Test
    void givesWhatEachAnswersInTheirOrder() {
        List<PartReadiness> parts = readiness.ask(List.of(new Check("b", List::of), new Check("a", () -> List.of(ILL))));

        assertThat(parts).containsExactly(new PartReadiness("b", List.of(), List.of(), false),
            new PartReadiness("a", List.of(ILL), List.of(), false));
        assertThat(readiness.ask(List.of())).isEmpty();
    }

    @Test
    void checkThatThrowsIsItsOwnProblemAndKeepsNoNodeFromBeingReady() {
        List<PartReadiness> parts = readiness.ask(List.of(
            new Check("theirs", () -> {
                throw new NoClassDefFoundError("gone");
            }), new Check("nothing", () -> null), new Check("ours", List::of)));

        assertThat(parts).extracting(PartReadiness::name).containsExactly("theirs", "nothing", "ours");
        assertThat(parts).extracting(PartReadiness::failed).containsExactly(true, true, false);
        assertThat(parts).allMatch(PartReadiness::ready);
        assertThat(parts.getFirst().degraded()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(ReadinessCheck.FAILED);
            assertThat(problem.text()).contains("theirs").contains("gone");
        });
    }

    @Test
    void partThatIsExpectedIsNotReadyWhileItsCheckThrows() {
        List<PartReadiness> parts = readiness.ask(List.of(new Check(ReadinessCheck.FORWARDING, () -> {
            throw new IllegalStateException("boo");
        })));

        assertThat(parts).singleElement().satisfies(part -> assertThat(part.ready()).isFalse());
    }

    @Test
    void checkThatHangsIsWaitedForOnceAndTheOthersAnswer() {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch goesOn = new CountDownLatch(1);
        List<ReadinessCheck> checks = List.of(new Check("first", List::of), new Check("hangs", () -> {
            asked.incrementAndGet();
            awaitUninterrupted(goesOn);
            return List.of();
        }), new Check("last", () -> List.of(ILL)));

        for (int time = 0; time < 3; time++) {
            List<PartReadiness> parts = readiness.ask(checks);

            assertThat(parts).extracting(PartReadiness::name).containsExactly("first", "hangs", "last");
            assertThat(parts).extracting(PartReadiness::failed).containsExactly(false, true, false);
        }

        assertThat(asked).hasValue(1);
        goesOn.countDown();
        while (readiness.ask(checks).get(1).failed()) {
            Thread.onSpinWait();
        }
        assertThat(asked.get()).isGreaterThan(1);
    }

    @Test
    void checkWhoseNameHangsIsCalledByItsClass() {
        CountDownLatch never = new CountDownLatch(1);
        ReadinessCheck check = new ReadinessCheck() {
            @Override
            public String name() {
                awaitUninterrupted(never);
                return "";
            }

            @Override
            public List<Problem> problems() {
                return List.of();
            }
        };

        assertThat(readiness.ask(List.of(check))).singleElement().satisfies(part -> assertThat(part.name()).isEqualTo(check.getClass().getName()));
        never.countDown();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException ignored) {
                // As bad as a check may be.
                assertThat(latch.getCount()).isNotNegative();
            }
        }
    }
}
