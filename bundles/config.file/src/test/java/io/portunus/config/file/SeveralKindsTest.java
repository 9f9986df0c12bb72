// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.config.api.Installed;
import io.portunus.config.api.RestOfFile;
import io.portunus.config.api.TableChanges;
import io.portunus.config.api.TableKey;
import io.portunus.config.api.TableKind;
import io.portunus.config.api.TableTaker;
import io.portunus.config.api.Tables;
import io.portunus.config.api.Taken;
import io.portunus.config.api.TomlArray;
import io.portunus.config.api.TomlPiece;
import io.portunus.config.api.TomlSection;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tables of two bundles, neither of which knows the other, in one file: read, checked and put in force together. */
class SeveralKindsTest {
    private static final String GOOD = "[[page]]\ntitle = \"a\"\n[[note]]\ntitle = \"b\"\n[[page]]\ntitle = \"c\"\n";

    private final Titles pages = new Titles("page");
    private final Titles notes = new Titles("note");
    private final Grammar grammar = Grammar.of(Declarations.NONE, List.of(pages, notes));
    private final ConfigReader reader = new ConfigReader(PromptFiles.regular(), () -> grammar);
    private final List<String> taken = new ArrayList<>();

    /** Titles of tables, as somebody reads them who has the contract only. */
    private record Said(List<String> titles) implements Tables {
        @Override
        public String revision() {
            return String.join(",", titles);
        }

        @Override
        public TableChanges changesSince(Tables before) {
            return new TableChanges(titles, List.of(), List.of());
        }

        @Override
        public boolean listenOn(InetSocketAddress address) {
            return false;
        }

        @Override
        public List<Problem> unrecognised(Installed installed) {
            return List.of();
        }

        @Override
        public List<String> hints() {
            return List.of();
        }

        @Override
        public String summary() {
            return titles.size() + " titles";
        }
    }

    /** Reads them, and counts what it is given. */
    private static class Titles implements TableKind {
        private final String name;
        private int pieces;

        Titles(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public List<TableKey> keys() {
            return List.of(new TableKey("", name, "Tables.", true), new TableKey(name, "title", "Its title.", true));
        }

        @Override
        public Tables read(TomlSection top, RestOfFile rest, Optional<Tables> before) {
            List<String> titles = new ArrayList<>();
            Optional<TomlArray> tables = top.value(name, TomlArray.class, "[[" + name + "]]");
            for (int i = 0; i < tables.map(TomlArray::size).orElse(0); i++) {
                title(top.element(tables.orElseThrow(), name, i)).ifPresent(titles::add);
            }
            return new Said(titles);
        }

        @Override
        public Optional<Tables> readPieces(TomlSection head, List<TomlPiece> given, RestOfFile rest, Optional<Tables> before) {
            pieces += given.size();
            List<String> titles = new ArrayList<>();
            for (TomlPiece piece : given) {
                Optional<String> title = piece.read().filter(section -> section.problems().isEmpty()).flatMap(section ->
                    title(section).filter(its -> section.problems().isEmpty()));
                if (title.isEmpty()) {
                    return Optional.empty();
                }
                titles.add(title.get());
            }
            return Optional.of(new Said(titles));
        }

        private Optional<String> title(TomlSection section) {
            section.checkKeys(name);
            return section.text("title", 1, 8);
        }
    }

    /** Takes them, unless they have a title that it does not like. */
    private final class Taker implements TableTaker {
        private final String kind;

        Taker(String kind) {
            this.kind = kind;
        }

        @Override
        public String kind() {
            return kind;
        }

        @Override
        public Taken take(Tables tables) {
            taken.add(kind + " " + tables.revision());
            return tables.revision().contains("bad") ? Taken.refused(List.of(Problem.of(ProblemCode.INVALID_VALUE, kind, "bad"))) : Taken.WELL;
        }

        @Override
        public Taken retry(Tables tables) {
            return Taken.WELL;
        }
    }

    @Test
    void eachGetsItsOwnPiecesHoweverTheyAreMixed() {
        Config config = good(GOOD);

        assertThat(config.revision()).isEqualTo("b a,c");
        assertThat(pages.pieces).isEqualTo(2);
        assertThat(notes.pieces).isEqualTo(1);
        assertThat(config).isEqualTo(((Reading.Good) WholeFile.parse(GOOD, grammar, Map.of())).config());
    }

    @Test
    void whatIsWrongWithEitherIsReportedInTheOrderOfTheFile() {
        assertThat(wrong("[[page]]\ntitel = \"a\"\n[[note]]\ntitle = 1\n[[page]]\ntitle = \"too long a title\"\n[nothing]\n"))
            .isEqualTo("unknown_key page[0].titel, wrong_type note[0].title, invalid_value page[1].title, unknown_key nothing");
        assertThat(wrong("[page]\ntitle = \"a\"\n")).isEqualTo("wrong_type page");
    }

    @Test
    void bothAreTakenOrNeitherIs() {
        Takers takers = new Takers();
        takers.add(new Taker("page"));
        takers.add(new Taker("note"));
        Config before = good(GOOD);

        assertThat(takers.take(before, good(GOOD.replace("\"c\"", "\"d\""))).inForce()).isTrue();
        Taken refused = takers.take(before, good(GOOD.replace("\"b\"", "\"e\"").replace("\"a\"", "\"bad\"")));

        assertThat(refused.refused()).extracting(Problem::path).containsExactly("page");
        assertThat(taken).containsExactly("note b", "page a,d", "note e", "page bad,c", "note b");
    }

    @Test
    void whoIsNotThereIsNamed() {
        Takers takers = new Takers();
        takers.add(new Taker("page"));

        assertThat(takers.missing(good(GOOD))).singleElement().satisfies(p -> assertThat(p.text()).contains("[[note]]"));
    }

    @Test
    void aReaderThatThrowsRefusesTheFileAndIsNamed() {
        Titles broken = new Titles("page") {
            @Override
            public Optional<Tables> readPieces(TomlSection head, List<TomlPiece> given, RestOfFile rest, Optional<Tables> before) {
                throw new IllegalStateException("by a defect");
            }
        };
        Grammar other = Grammar.of(Declarations.NONE, List.of(broken));

        Reading reading = new ConfigReader(PromptFiles.regular(), () -> other).read("[[page]]\ntitle = \"a\"\n".getBytes(StandardCharsets.UTF_8));

        assertThat(((Reading.Bad) reading).problems()).singleElement()
            .satisfies(p -> assertThat(p.text()).contains("by a defect", "SeveralKindsTest"));
    }

    private Config good(String text) {
        return ((Reading.Good) reader.read(text.getBytes(StandardCharsets.UTF_8))).config();
    }

    private String wrong(String text) {
        return ((Reading.Bad) reader.read(text.getBytes(StandardCharsets.UTF_8))).problems().stream().map(p -> p.code().code() + " " + p.path())
            .collect(Collectors.joining(", "));
    }
}
