// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.flow.api.VersionPin;
import io.portunus.model.Cidr;
import io.portunus.model.Offer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationFileTest {
    private static final Generation SAMPLE = new Generation("0.1.0",
        List.of(new Generation.Entry("a", "1.1.0", Optional.of(new Generation.Jar("a-1.1.0.jar", "00ff")), 20, true, List.of("1.0.0")),
            new Generation.Entry("a", "1.0.0", Optional.empty(), 20, false, List.of())),
        List.of(new VersionPin(Optional.of("web"), Optional.empty(), "a", "1.0.0"),
            new VersionPin(Optional.empty(), Cidr.parse("10.0.0.0/8"), "a", "1.0.0")),
        new Claims(Map.of(new Offer("inspector", "x"), List.of("a", "b"))), Map.of("a", List.of("1.2.0", "1.3.0")));
    @TempDir
    private Path directory;

    @Test
    void readsWhatItWrote() throws Exception {
        GenerationFile file = new GenerationFile(directory);

        file.write(SAMPLE);

        assertThat(file.read("")).isEqualTo(SAMPLE);
        assertThat(directory.toFile().list()).containsExactly("generation.json");
    }

    @Test
    void isNoneWithoutAFile() {
        assertThat(new GenerationFile(directory).read("7")).isEqualTo(Generation.none("7"));
    }

    @Test
    void keepsTheOldOneWhenTheNewOneCannotBeWritten() throws Exception {
        GenerationFile file = new GenerationFile(directory);
        file.write(SAMPLE);
        // The name of the file that is written first is taken by what cannot be written to, as on a full disk.
        Files.createDirectories(directory.resolve("generation.json.new/full"));

        assertThatThrownBy(() -> file.write(Generation.none("1"))).isInstanceOf(IOException.class);

        assertThat(file.read("")).isEqualTo(SAMPLE);
    }

    @Test
    void isTheOldOneAfterADeathInTheMiddleOfWriting() throws Exception {
        new GenerationFile(directory).write(SAMPLE);
        Files.writeString(directory.resolve("generation.json.new"), "{\"format\":1,\"bun");

        assertThat(new GenerationFile(directory).read("")).isEqualTo(SAMPLE);
    }

    @Test
    void putsADamagedOneAside() throws Exception {
        for (String damaged : List.of("", "{", "[]", "{\"format\":2}", "{\"format\":1,\"bundles\":[{}]}",
            "{\"format\":1,\"pins\":[{\"bundle\":\"a\",\"version\":\"1\"}]}")) {
            Files.writeString(directory.resolve("generation.json"), damaged);

            assertThat(new GenerationFile(directory).read("1")).isEqualTo(Generation.none("1"));

            assertThat(directory.resolve("generation.json")).doesNotExist();
            assertThat(directory.resolve("generation.json.damaged")).hasContent(damaged);
        }
    }

    @Test
    void followsNoLinkNeitherToReadNorToWrite() throws Exception {
        Path elsewhere = directory.resolve("elsewhere");
        new GenerationFile(directory).write(SAMPLE);
        Files.move(directory.resolve("generation.json"), elsewhere);
        String content = Files.readString(elsewhere);
        Files.createSymbolicLink(directory.resolve("generation.json"), elsewhere);

        assertThat(new GenerationFile(directory).read("1")).isEqualTo(Generation.none("1"));
        Files.createSymbolicLink(directory.resolve("generation.json"), elsewhere);
        new GenerationFile(directory).write(Generation.none("1"));

        assertThat(elsewhere).hasContent(content);
    }

    @Test
    void ignoresFieldsItDoesNotKnow() throws Exception {
        Files.writeString(directory.resolve("generation.json"),
            "{\"format\":1,\"x\":{},\"bundles\":[{\"name\":\"a\",\"version\":\"1.0.0\",\"serves\":true,\"y\":1}]}");

        assertThat(new GenerationFile(directory).read("").bundles())
            .containsExactly(new Generation.Entry("a", "1.0.0", Optional.empty(), 20, true, List.of()));
    }
}
