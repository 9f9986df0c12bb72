// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** B3: names as they are in use, in every place that takes one. */
class HostnamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"my_app", "redis_1.my_net", "_dmarc.example", "a_.example", "_", "my_app.EXAMPLE"})
    void takesUnderscores(String name) {
        assertThat(Hostnames.isName(name)).isTrue();
        assertThat(TargetAddress.parseHost(name + ":80").host()).isEqualToIgnoringCase(name);
        assertThat(TargetAddress.parse(name + ":80")).isInstanceOf(TargetAddress.Host.class);
        assertThat(HostPattern.parse(name).name()).isEqualToIgnoringCase(name);
        assertThat(HostPattern.parse("*." + name + ".example").matches("x." + name.toLowerCase(Locale.ROOT) + ".example")).isTrue();
        assertThat(HostPattern.parse("~[a-z_]+_1[.]my_net").matches("redis_1.my_net")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"_a._tcp.b", "-a", "a-", "a..b", "", "a b", "a/b", "a\u0000b", "10.0.0.1", "::1", "m\u00fcller.example"})
    void stillRefusesWhatIsNoName(String name) {
        assertThat(Hostnames.isName(name)).isFalse();
    }

    @Test
    void aNameOfAServiceIsStillOne() {
        assertThat(TargetAddress.parse("_postgres._tcp.db_1.example")).isEqualTo(new TargetAddress.Service("_postgres._tcp.db_1.example"));
        assertThatIllegalArgumentException().isThrownBy(() -> TargetAddress.parse("_postgres._tcp.db.example:5432")).withMessageContaining("port");
        assertThatIllegalArgumentException().isThrownBy(() -> TargetAddress.parse("_postgres.db.example"))
            .withMessageContaining("no name of a service");
    }

    /** B2: a dot at the end means that the name is whole. */
    @Test
    void keepsTheDotAtTheEndOfATarget() {
        assertThat(TargetAddress.parse("DB.example.:5432").name()).isEqualTo("db.example.");
        assertThat(TargetAddress.parse("_db._tcp.Example.").name()).isEqualTo("_db._tcp.example.");
        assertThat(ServiceNames.domain("_db._tcp.example.")).isEqualTo("example");
    }

    @ParameterizedTest
    @CsvSource({"b\u00fccher.example, xn--bcher-kva.example", "B\u00dcCHER.example, xn--bcher-kva.example", "x.\u0440\u0444, x.xn--p1ai"})
    void statesHowANameOfOtherLettersIsWritten(String name, String ascii) {
        assertThat(Hostnames.hint(name)).contains("A-label ('" + ascii + "')");
        assertThatIllegalArgumentException().isThrownBy(() -> TargetAddress.parse(name + ":80")).withMessageContaining("'" + ascii + "'");
        assertThatIllegalArgumentException().isThrownBy(() -> HostPattern.parse(name)).withMessageContaining("'" + ascii + "'");
        assertThatIllegalArgumentException().isThrownBy(() -> HostPattern.parse("*." + name)).withMessageContaining("'" + ascii + "'");
        assertThatIllegalArgumentException().isThrownBy(() -> ServiceNames.parse("_a._tcp." + name)).withMessageContaining("'_a._tcp." + ascii + "'");
    }

    @Test
    void statesItInGeneralWhereThereIsNoSuchName() {
        assertThat(Hostnames.hint("\u2603\ud800")).contains("xn--...");
        assertThat(Hostnames.hint("a b.example")).isEmpty();
    }
}
