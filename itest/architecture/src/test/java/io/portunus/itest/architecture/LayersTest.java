// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final Layers LAYERS = Layers.parse("""
        # a comment
        exports io.portunus.* : *.api
        exports * : lib-*
        imports java.sql.* : store.jdbc
        imports java.* : everybody
        imports io.portunus.flow.api : others
        imports io.portunus.* : nobody
        """.lines().toList());

    @Test
    void whatIsAllowedIsNoBreach() {
        assertThat(breaches("flow.api", List.of("io.portunus.flow.api"), List.of("java.lang"))).isEmpty();
        assertThat(breaches("lib-x", List.of("org.x.y"), List.of())).isEmpty();
        assertThat(breaches("flow.tcp", List.of(), List.of("io.portunus.flow.api", "java.nio.file"))).isEmpty();
        assertThat(breaches("store.jdbc", List.of(), List.of("java.sql"))).isEmpty();
    }

    @Test
    void aContractMayImportWhatItExports() {
        assertThat(breaches("flow.api", List.of("io.portunus.flow.api"), List.of("io.portunus.flow.api"))).isEmpty();
    }

    @Test
    void theFirstLineThatHasThePackageDecides() {
        assertThat(breaches("flow.tcp", List.of(), List.of("java.sql", "java.sqlite")))
            .containsExactly("flow.tcp imports java.sql, against line 4 of layers.txt, \"imports java.sql.* : store.jdbc\"");
    }

    @Test
    void namesBundleAndLineOfEachBreach() {
        assertThat(breaches("flow.tcp", List.of("io.portunus.flow.tcp"), List.of("io.portunus.rules.core"))).containsExactly(
            "flow.tcp exports io.portunus.flow.tcp, against line 2 of layers.txt, \"exports io.portunus.* : *.api\"",
            "flow.tcp imports io.portunus.rules.core, against line 7 of layers.txt, \"imports io.portunus.* : nobody\"");
    }

    @Test
    void refusesWhatNoLineHas() {
        assertThat(breaches("flow.tcp", List.of(), List.of("org.new.library")))
            .containsExactly("flow.tcp imports org.new.library, which no line of layers.txt has");
    }

    @Test
    void refusesALineItCannotRead() {
        assertThatThrownBy(() -> Layers.parse(List.of("", "imports java.*"))).hasMessageStartingWith("line 2 of layers.txt");
    }

    private static List<String> breaches(String bundle, List<String> exports, List<String> imports) {
        return LAYERS.breaches(bundle, exports, imports);
    }
}
