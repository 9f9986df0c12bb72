// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
    @Test
    void suggestionsAreAtMostTwoEditsAway() {
        assertThat(Spelling.edits("kitten", "sitting")).isEqualTo(3);
        assertThat(Spelling.nearest("taget", List.of("target", "sni"))).contains("target");
        assertThat(Spelling.nearest("htttp", List.of("http", "tls"))).contains("http");
        assertThat(Spelling.nearest("xy", List.of("target", "sni"))).isEmpty();
    }
}
