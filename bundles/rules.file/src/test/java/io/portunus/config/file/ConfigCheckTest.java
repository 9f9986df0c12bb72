// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.rules.file.RuleKind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void namesTheFileAndHowMuchIsInIt() throws Exception {
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
    void kindThatOnlyConnectionsHaveIsAProblemOfDatagrams() throws Exception {
        String rule = "[[rule]]\nname = \"a\"\nprotocol = \"udp\"\nlisten_port = 80\ntarget = \"db:80\"\n";

        assertThat(looked(rule + "match = { kind = \"ssh\" }\n")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no_handler: rule[0].match.kind: nobody who is installed recognises 'ssh' among"
            + " datagrams", "write one of quic");
        assertThat(looked(rule + "sni = \"a.test\"\n")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rule", "defaults"})
    void tablesThatCodeReadsAreNobodysToDeclare(String name) {
        DeclaredTable table = new DeclaredTable(name, "its owner", "com.acme", false, "", "A table.", List.of());

        assertThat(Grammar.of(new Declarations(List.of(table), List.of()), List.of(new RuleKind())).declared().tables()).isEmpty();
        assertThat(Grammar.of(new Declarations(List.of(table), List.of()), List.of()).declared().tables()).containsExactly(table);
    }

    private int looked(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("portunus.toml"), text);
        Map<String, Set<String>> provided = Map.of("inspector", Set.of("http", "ssh", "tls"), "datagram_inspector", Set.of("quic"),
            "policy", Set.of());
        return ConfigCheck.run(file, Declared.JARS, provided, stream(out), stream(err));
    }

    private int check(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("portunus.toml"), text);
        return ConfigCheck.run(file, Declared.JARS, stream(out), stream(err));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
