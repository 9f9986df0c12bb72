// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Offer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClaimsTest {
    private static final Offer TLS = new Offer("inspector", "tls");
    private static final Offer SSH = new Offer("inspector", "ssh");
    private static final Set<String> NOBODY = Set.of();
    private final Claims ours = new Claims(Map.of(TLS, List.of("ours"), SSH, List.of("ours")));

    @Test
    void whatIsNobodysBelongsToWhoDeclaresItAndWhatIsAnothersStays() {
        Offer mqtt = new Offer("inspector", "mqtt");

        Claims now = ours.with("other", List.of(TLS, mqtt), NOBODY);

        assertThat(now.of(mqtt)).containsExactly("other");
        assertThat(now.of(TLS)).containsExactly("ours");
    }

    @Test
    void whoIsReplacedGetsItBack() {
        Claims replaced = ours.with("other", List.of(TLS), Set.of("ours"));
        assertThat(replaced.of(TLS)).containsExactly("other", "ours");
        assertThat(replaced.of(SSH)).containsExactly("ours");

        Claims again = replaced.with("third", List.of(TLS), Set.of("other"));
        assertThat(again.of(TLS)).containsExactly("third", "other", "ours");

        assertThat(again.without("other", List.of()).of(TLS)).containsExactly("third", "ours");
        assertThat(again.without("third", List.of()).of(TLS)).containsExactly("other", "ours");
    }

    @Test
    void anotherVersionOfEitherChangesNothing() {
        Claims replaced = ours.with("other", List.of(TLS), Set.of("ours"));

        assertThat(replaced.with("ours", List.of(TLS, SSH), NOBODY)).isEqualTo(replaced);
        assertThat(replaced.with("other", List.of(TLS), NOBODY)).isEqualTo(replaced);
    }

    @Test
    void versionThatDeclaresLessGivesBack() {
        Claims replaced = ours.with("other", List.of(TLS), Set.of("ours"));

        assertThat(replaced.with("other", List.of(), NOBODY).of(TLS)).containsExactly("ours");
        assertThat(ours.with("ours", List.of(SSH), NOBODY).of(TLS)).isEmpty();
    }

    @Test
    void whoWasReplacedTakesItBackByReplacing() {
        Claims replaced = ours.with("other", List.of(TLS), Set.of("ours"));

        assertThat(replaced.with("ours", List.of(TLS, SSH), Set.of("other")).of(TLS)).containsExactly("ours", "other");
    }

    @Test
    void onlyWhatWasDeployedIsRemembered() {
        Claims replaced = ours.with("other", List.of(TLS), Set.of("ours"));

        assertThat(replaced.of(Set.of("other")).lines()).containsOnlyKeys(TLS);
        assertThat(replaced.of(Set.of()).lines()).isEmpty();
    }
}
