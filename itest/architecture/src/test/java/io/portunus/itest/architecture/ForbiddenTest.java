// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class ForbiddenTest {
    private static final Forbidden RULES = Forbidden.parse(List.of("# what is forbidden", "",
        "forbid clock java.lang.System.nanoTime() java.time.*.now()", "forbid random java.util.Random.new*", "forbid lock synchronized",
        "forbid inside sun.*", "within lock flow.tcp flow.dns", "owner random flow.dns:Culprit : Nobody guesses it."));

    /** Uses what it should not, in each of the ways that there are. */
    static final class Culprit {
        private final LongSupplier reference = System::nanoTime;
        private final Object held = new Object();

        long random() {
            return new Random(1).nextLong() + reference.getAsLong();
        }

        void block() {
            synchronized (held) {
                Runnable lambda = () -> assertThat(Instant.now()).isNotNull();
                lambda.run();
            }
        }

        synchronized String text() {
            return "sun.misc.Signal";
        }
    }

    /** Uses the same words, and nothing of it. */
    static final class Innocent {
        String text() {
            return "the sun.s rays; System.nanoTime()";
        }
    }

    private static UsedApi used(Class<?> type) throws IOException {
        try (InputStream in = Objects.requireNonNull(type.getResourceAsStream("ForbiddenTest$" + type.getSimpleName() + ".class"))) {
            return new UsedApi("io.portunus.x." + type.getSimpleName(), UsedApi.of(in.readAllBytes()).uses());
        }
    }

    @Test
    void findsCallsReferencesConstructorsMonitorsAndNamesInTexts() throws IOException {
        assertThat(RULES.findings("flow.tcp", List.of(used(Culprit.class)))).extracting(Forbidden.Finding::use).containsExactlyInAnyOrder(
            "java.lang.System.nanoTime()", "java.time.Instant.now()", "java.util.Random.new(long)", "synchronized", "sun.misc.Signal");
        assertThat(RULES.findings("flow.tcp", List.of(used(Innocent.class)))).isEmpty();
    }

    @Test
    void aNestedClassCountsAsTheOneItStandsIn() throws IOException {
        try (InputStream in = Objects.requireNonNull(Culprit.class.getResourceAsStream("ForbiddenTest$Culprit.class"))) {
            assertThat(UsedApi.of(in.readAllBytes()).type()).isEqualTo(ForbiddenTest.class.getName());
        }
    }

    @Test
    void aGroupIsForbiddenWhereItsLineStates() throws IOException {
        assertThat(RULES.findings("shell", List.of(used(Culprit.class)))).extracting(Forbidden.Finding::group)
            .contains("clock").doesNotContain("lock");
    }

    @Test
    void anOwnerMayInItsBundleOnly() throws IOException {
        Forbidden.Finding random = RULES.findings("flow.dns", List.of(used(Culprit.class))).stream().filter(f -> f.group().equals("random"))
            .findFirst().orElseThrow();

        assertThat(RULES.owner(random)).isPresent();
        assertThat(RULES.owner(new Forbidden.Finding("flow.tcp", random.type(), random.group(), random.use()))).isEmpty();
        assertThat(RULES.owner(new Forbidden.Finding("flow.dns", random.type(), "clock", random.use()))).isEmpty();
    }

    @Test
    void refusesWhatItCannotRead() {
        assertThatThrownBy(() -> Forbidden.parse(List.of("", "allow everything"))).hasMessageContaining("line 2");
        assertThatThrownBy(() -> Forbidden.parse(List.of("owner clock a:B"))).hasMessageContaining("A reason.");
        assertThatThrownBy(() -> Forbidden.parse(List.of("owner clock a : Why."))).hasMessageContaining("BUNDLE:CLASS");
    }
}
