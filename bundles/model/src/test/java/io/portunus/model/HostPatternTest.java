// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {
    @ParameterizedTest(name = "{0} takes {1}: {2}")
    @CsvSource({
        "a.example.com, a.example.com, true", "a.example.com, b.a.example.com, false", "A.Example.COM, a.example.com, true",
        "*.example.com, a.example.com, true", "*.example.com, b.a.example.com, false", "*.example.com, example.com, false",
        "*.example.com, aexample.com, false", "*.EXAMPLE.com, a.example.com, true",
        "**.example.com, a.example.com, true", "**.example.com, c.b.a.example.com, true", "**.example.com, example.com, false",
        "**.example.com, notexample.com, false", "**.example.com, a.example.com.evil.test, false",
        "~db[0-9]+[.]example[.]com, db17.example.com, true", "~db[0-9]+[.]example[.]com, db.example.com, false",
        "~db[0-9]+[.]example[.]com, xdb1.example.com, false", "~DB[0-9]\\.Example\\.COM, db1.example.com, true"
    })
    void takesNames(String pattern, String name, boolean taken) {
        assertThat(HostPattern.parse(pattern).matches(name)).isEqualTo(taken);
    }

    @ParameterizedTest
    @CsvSource({"a.example.com, EXACT, a.example.com, false", "*.example.com, ONE_LABEL, example.com, true",
        "**.example.com, ANY_LABELS, example.com, true", "~[a-z]+, EXPRESSION, [a-z]+, false"})
    void returnsItsFormAndReadsWhatItWrites(String text, HostPattern.Form form, String name, boolean wildcard) {
        HostPattern pattern = HostPattern.parse(text);

        assertThat(pattern.form()).isEqualTo(form);
        assertThat(pattern.name()).isEqualTo(name);
        assertThat(pattern.wildcard()).isEqualTo(wildcard);
        assertThat(pattern).hasToString(text).isEqualTo(HostPattern.parse(pattern.toString())).hasSameHashCodeAs(HostPattern.parse(text));
    }

    @Test
    void patternsOfOneNameAndDifferentFormsDiffer() {
        assertThat(HostPattern.parse("*.example.com")).isNotEqualTo(HostPattern.parse("**.example.com"))
            .isNotEqualTo(HostPattern.parse("example.com"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.example.com:443", "*.example.com:443", "192.0.2.1:443"})
    void reportsThatAPortIsTooMuch(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> HostPattern.parse(text))
            .withMessage("'" + text + "' has a port, and clients ask for names without one; leave it out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "**", "*.", "**.", "*.com", "**.com", "a.*.com", "*a.example.com", "***.example.com", "*.*.example.com",
        "a..example.com", "-a.example.com", "192.0.2.1", "*.0.2.1", "a b.example.com", "a.example.com.", "~"})
    void refusesWhatIsNoPattern(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> HostPattern.parse(text));
    }

    @Test
    void asksForTheALabelOfAForeignName() {
        assertThatIllegalArgumentException().isThrownBy(() -> HostPattern.parse("bücher.example")).withMessageContaining("xn--");
        assertThatIllegalArgumentException().isThrownBy(() -> HostPattern.parse("~bücher.*")).withMessageContaining("xn--");
    }
}
