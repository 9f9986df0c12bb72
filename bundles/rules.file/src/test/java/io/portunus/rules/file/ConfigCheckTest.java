// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Rule;
import io.portunus.model.TargetAddress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

        int code = ConfigCheck.run(missing, List.of(), stream(out), stream(err));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith(missing + ": io_error: there is no such file");
    }

    @Test
    void whoLooksIsToldWhichFileAndHowMuchIsInIt() throws Exception {
        int code = looked("""
            [[rule]]
            name = "a"
            listen_port = 80
            target = "db:80"
            match = { kind = "ssh" }
            [[rule]]
            name = "b"
            listen_port = 81
            target = "db:80"
            enabled = false
            """);

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("ok\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith(folder.resolve("portunus.toml") + ": 2 rules, 1 of them not enabled");
    }

    @Test
    void kindThatNobodyRecognisesIsAProblemAtItsPlace() throws Exception {
        int code = looked("[[rule]]\nname = \"a\"\nlisten_port = 80\ntarget = \"db:80\"\nmatch = { kind = \"htttp\" }\n");

        assertThat(code).isEqualTo(2);
        assertThat(out.size()).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith(folder.resolve("portunus.toml")
            + ":5:11: no_handler: rule[0].match.kind: nobody who is installed recognises 'htttp'").contains("did you mean 'http'?");
    }

    @Test
    void portThatTheSystemGivesToClientsIsHintedAt() throws Exception {
        Rule rule = Rule.of(1, "a", List.of(PortRange.of(40_000)), Match.ANY, TargetAddress.parse("db:80"));

        assertThat(EphemeralPorts.parse("32768\t60999\n").hints(List.of(rule))).singleElement().asString()
            .contains("'a' listens on 40000").contains("32768-60999");
        assertThat(EphemeralPorts.parse("50000 60999").hints(List.of(rule))).isEmpty();
        assertThat(EphemeralPorts.parse("nonsense").hints(List.of(rule))).isEmpty();
    }

    private int looked(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("portunus.toml"), text);
        return ConfigCheck.run(file, Declared.JARS, Optional.of(Set.of("http", "ssh", "tls")), stream(out), stream(err));
    }

    private int check(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("portunus.toml"), text);
        return ConfigCheck.run(file, Declared.JARS, stream(out), stream(err));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
