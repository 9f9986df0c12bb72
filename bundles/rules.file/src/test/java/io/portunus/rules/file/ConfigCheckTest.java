// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCheckTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aGoodFileIsOk() throws Exception {
        int code = check("[[rule]]\nname = \"a\"\nlisten_port = 80\ntarget = \"db:80\"\n");

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("ok\n");
        assertThat(err.size()).isZero();
    }

    @Test
    void aBadFileGetsALineForEachProblemAndTwo() throws Exception {
        int code = check("[[rule]]\nname = \"a\"\nlisten_port = 0\ntarget = \"db:80\"\n\"x\\ny\" = 1\n");

        assertThat(code).isEqualTo(2);
        assertThat(out.size()).isZero();
        String file = folder.resolve("portunus.toml").toString();
        assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(2)
            .satisfiesExactly(
                line -> assertThat(line).startsWith(file + ":3:1: range_invalid: rule[0].listen_port: 0 is outside 1 to 65535;"),
                line -> assertThat(line).startsWith(file + ":5:1: unknown_key: rule[0].'x?y': there is no key"));
    }

    @Test
    void aMissingFileIsAnIoErrorAndTwo() {
        Path missing = folder.resolve("missing.toml");

        int code = ConfigCheck.run(missing, stream(out), stream(err));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith(missing + ": io_error: there is no such file");
    }

    private int check(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("portunus.toml"), text);
        return ConfigCheck.run(file, stream(out), stream(err));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
