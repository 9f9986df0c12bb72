// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Problem;
import io.portunus.model.Problem.Position;
import io.portunus.model.ProblemCode;
import io.portunus.model.Rule;
import io.portunus.model.RuleChecks.Reserved;
import io.portunus.model.RuleSet;
import io.portunus.rules.file.ParsedConfig.AdminSettings;
import io.portunus.rules.file.ParsedConfig.DeploySettings;
import io.portunus.rules.file.ParsedConfig.DnsSettings;
import io.portunus.rules.file.ParsedConfig.GlobalSettings;
import io.portunus.rules.file.ParsedConfig.LimitSettings;
import io.portunus.rules.file.ParsedConfig.LogSettings;
import io.portunus.rules.file.ParsedConfig.ShellSettings;
import io.portunus.rules.file.ParsedConfig.StatsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/** Reads the configuration file and finds everything that is wrong with it at once. Stateless; needs neither framework nor log. */
final class ConfigFile {
    /** Largest file that is read. */
    static final int MAX_BYTES = 4 << 20;

    private static final Position START = new Position(1, 1);
    /** What is still believed once the syntax is broken; the rest may follow from keys that were lost or fell into another table. */
    private static final Set<ProblemCode> BESIDE_SYNTAX = Set.of(ProblemCode.SYNTAX, ProblemCode.WRONG_TYPE, ProblemCode.INVALID_VALUE,
        ProblemCode.INVALID_TARGET_HOST, ProblemCode.SNI_PATTERN_MALFORMED, ProblemCode.PROXY_PROTOCOL_INVALID, ProblemCode.HEALTH_CHECK_INTERVAL,
        ProblemCode.NOT_SUPPORTED_YET);

    private ConfigFile() {
    }

    /** Reads a file. */
    static ConfigOutcome read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            return bytes.length > MAX_BYTES
                ? unreadable("the file is larger than " + MAX_BYTES + " bytes; is it the right one?") : decode(bytes);
        } catch (NoSuchFileException missing) {
            return unreadable("there is no such file; name an existing one with --config");
        } catch (IOException unreadable) {
            return unreadable("the file cannot be read (" + unreadable.getMessage() + "); check that it is a file and its permissions");
        }
    }

    private static ConfigOutcome unreadable(String text) {
        return new ConfigOutcome.Invalid(List.of(Problem.of(ProblemCode.IO_ERROR, "", text)));
    }

    private static ConfigOutcome decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, true);
        text.flip();
        if (result.isError()) {
            String before = text.toString();
            int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
            Position place = new Position(line, before.length() - before.lastIndexOf('\n'));
            return new ConfigOutcome.Invalid(List.of(Problem.of(ProblemCode.SYNTAX, "",
                "the file is not UTF-8 text from here on; save it as UTF-8").at(place)));
        }
        // Editors of some systems put a byte order mark in front.
        return parse(text.length() > 0 && text.charAt(0) == '\uFEFF' ? text.subSequence(1, text.length()).toString() : text.toString());
    }

    /** Reads the text of a file. */
    static ConfigOutcome parse(String text) {
        TomlParseResult toml = Toml.parse(text);
        List<Problem> problems = new ArrayList<>();
        TomlSection top = new TomlSection(toml, "", START, problems);
        ParsedConfig config = read(top);
        toml.errors().forEach(e -> problems.add(Problem.of(ProblemCode.SYNTAX, "", e.getMessage() + "; mend the TOML here")
            .at(new Position(e.position().line(), e.position().column()))));
        if (toml.hasErrors()) {
            problems.removeIf(p -> !BESIDE_SYNTAX.contains(p.code()));
        }
        if (problems.isEmpty()) {
            return new ConfigOutcome.Valid(config, places(top));
        }
        Comparator<Position> byPlace = Comparator.comparingInt(Position::line).thenComparingInt(Position::column);
        problems.sort(Comparator.comparing(p -> p.position().orElse(START), byPlace));
        return new ConfigOutcome.Invalid(problems);
    }

    /** Where the tables are that only the system can say no to. */
    private static Map<String, Position> places(TomlSection top) {
        Map<String, Position> places = new HashMap<>();
        for (String table : List.of("admin", "shell")) {
            top.section(table).ifPresent(s -> places.put(table + ".listen", s.placeOf("listen")));
        }
        return places;
    }

    private static ParsedConfig read(TomlSection top) {
        top.checkKeys("");
        Optional<TomlSection> global = top.section("global");
        GlobalSettings globalSettings = TomlSettings.global(global);
        LogSettings log = TomlSettings.log(top, global);
        AdminSettings admin = TomlSettings.admin(top);
        LimitSettings limits = TomlSettings.limits(top);
        DeploySettings deploy = TomlDeploy.read(top);
        Optional<ShellSettings> shell = TomlSettings.shell(top, admin);
        DnsSettings dns = TomlDns.read(top);
        StatsSettings stats = TomlStats.read(top);
        List<Reserved> reserved = new ArrayList<>();
        reserved.add(new Reserved("the admin surface", admin.listen().key()));
        shell.ifPresent(s -> reserved.add(new Reserved("the shell over SSH", s.listen().key())));
        TomlRules reader = new TomlRules(
            new TomlRules.Defaults(TomlSettings.preferIpv6(top), globalSettings.shutdownDrain(), limits.maxTargets()), top.problems());
        List<Rule> rules = reader.read(top, reserved);
        return new ParsedConfig(new RuleSet(RuleIds.revision(rules), rules), admin, limits, log, globalSettings, deploy, dns, stats,
            shell);
    }
}
