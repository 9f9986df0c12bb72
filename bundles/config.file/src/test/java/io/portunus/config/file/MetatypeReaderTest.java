// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What bundles declare, whoever wrote them. */
class MetatypeReaderTest {
    private static final String KEYS = "<AD id='size' type='Integer' min='1' max='9' default='3'/><AD id='on' type='Boolean' default='true'/>";

    private static String document(String attributes, String keys) {
        return "<m:MetaData xmlns:m='http://www.osgi.org/xmlns/metatype/v1.2.0' xmlns:p='https://portunus.io/xmlns/settings/v1.0.0'>"
            + "<OCD id='com.acme' name='acme' " + attributes + ">" + keys + "</OCD></m:MetaData>";
    }

    private static List<DeclaredTable> read(String document) {
        try {
            return MetatypeReader.read(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Declarations declared(String... documents) {
        return new Declarations(Stream.of(documents).flatMap(one -> read(one).stream()).toList(), List.of());
    }

    private static Reading read(String text, Declarations declared) {
        return WholeFile.parse(text, Grammar.of(declared, List.of()), Map.of());
    }

    private static String problems(String text, Declarations declared) {
        return read(text, declared) instanceof Reading.Bad invalid
            ? invalid.problems().stream().map(p -> p.code().code() + " " + p.path()).collect(Collectors.joining(", ")) : "";
    }

    @Test
    void aTableOfAForeignBundleIsReadBoundedAndPushed() {
        Declarations acme = declared(document("p:table='acme' p:toggle='on'", KEYS + "<AD id='name' type='String'/>"));

        assertThat(problems("[acme]\nsize = 10\nname = 1\nsise = 1\n", acme))
            .isEqualTo("invalid_value acme.size, wrong_type acme.name, unknown_key acme.sise");
        assertThat(problems("[acme]\n", acme)).as("a key without a default").isEqualTo("missing_key acme.name");
        Config config = ((Reading.Good) read("[acme]\nsize = 9\nname = \"n\"\n", acme)).config();
        assertThat(config.settings().configurations()).isEqualTo(Map.of("com.acme", Map.of("size", 9, "on", true, "name", "n")));
        assertThat(((Reading.Good) read("acme = false\n", acme)).config().settings().configurations().get("com.acme"))
            .containsEntry("on", false);
    }

    @Test
    void whoComesLaterWithWhatIsTakenIsPassedOver() {
        String other = document("p:table='acme'", KEYS).replace("com.acme", "com.other");

        assertThat(declared(document("p:table='acme'", KEYS), other).tables()).extracting(DeclaredTable::pid).containsExactly("com.acme");
        assertThat(Grammar.of(declared(document("p:table='global'", "<AD id='label' type='String' default=''/>")), List.of()).declared().tables())
            .as("a key of the file's own").isEmpty();
        assertThat(declared(document("", KEYS)).tables()).as("no table").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"<AD/>", "<a", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"})
    void whatIsNoSuchDocumentIsRefused(String document) {
        assertThatThrownBy(() -> read(document)).hasCauseInstanceOf(IOException.class).hasMessageContaining("no metatype document");
    }

    @ParameterizedTest
    @ValueSource(strings = {"p:table='a.b'", "p:table=''", "p:table='acme' p:toggle='size'", "p:table='acme' p:toggle='off'"})
    void aTableThatCannotBeIsRefused(String attributes) {
        assertThatThrownBy(() -> read(document(attributes, KEYS))).hasCauseInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<AD id='a' type='Integer' default='x'/>", "<AD id='A b' type='String' default=''/>",
        "<AD id='size' type='Long' default='1'/>",
        "<AD id='a' type='Long' min='x' default='1'/>", "<AD id='a' type='Long' min='2' max='1' default='1'/>", "<AD id='a' cardinality='x'/>",
        "<AD id='a' type='Long' default='1' p:notAbove='b'/>", "<AD id='a' type='String' default='' p:only='b=c'/>",
        "<AD id='a' cardinality='3' p:needed='b'/>", "<AD id='a' type='Boolean' default='false' p:form='dual_stack' p:of='size'/>",
        "<AD id='a' type='Boolean' default='false' p:form='not_written' p:of='b'/>", "<AD id='a' type='String' default='x' p:form='listen'/>",
        "<AD id='a' cardinality='3' p:least='x'/>"})
    void aKeyThatCannotBeIsRefused(String key) {
        assertThatThrownBy(() -> read(document("p:table='acme'", KEYS + key))).hasCauseInstanceOf(IOException.class);
    }
}
