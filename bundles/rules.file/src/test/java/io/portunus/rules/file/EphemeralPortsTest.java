// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Rule;
import io.portunus.model.TargetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class EphemeralPortsTest {
    @Test
    void portThatTheSystemGivesToClientsIsHintedAt() throws Exception {
        Rule rule = Rule.of(1, "a", List.of(PortRange.of(40_000)), Match.ANY, TargetAddress.parse("db:80"));

        assertThat(EphemeralPorts.parse("32768\t60999\n").hints(List.of(rule))).singleElement().asString()
            .contains("'a' listens on 40000").contains("32768-60999");
        assertThat(EphemeralPorts.parse("50000 60999").hints(List.of(rule))).isEmpty();
        assertThat(EphemeralPorts.parse("nonsense").hints(List.of(rule))).isEmpty();
    }
}
