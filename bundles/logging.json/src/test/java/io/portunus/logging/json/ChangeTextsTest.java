// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.node.api.Actor;
import io.portunus.node.api.Change;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChangeTextsTest {
    private static final Change CHANGE =
        new Change(Instant.parse("2026-01-02T03:04:05.678Z"), new Actor("ssh", "ann"), "bundle.upgrade", "flow.tls", "0.1.0", "0.1.1", "done");

    @Test
    void givesAChangeToAnotherVersion() {
        assertThat(ChangeTexts.parse(ChangeTexts.of(CHANGE))).contains(CHANGE);
    }

    @Test
    void takesOneThatHasMore() {
        assertThat(ChangeTexts.parse(Stream.concat(ChangeTexts.of(CHANGE).stream(), Stream.of("more")).toList())).contains(CHANGE);
    }

    @Test
    void passesOverWhatIsNone() {
        assertThat(ChangeTexts.parse("text")).isEmpty();
        assertThat(ChangeTexts.parse(List.of("2026"))).isEmpty();
        assertThat(ChangeTexts.parse(List.of("then", "ssh", "ann", "a", "b", "c", "d", "e"))).isEmpty();
    }
}
