// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Rule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever was read before, reading a file comes to what reading it as a whole comes to; what was not changed stays the same object. */
class ConfigReaderTest {
    private static final int FILES = 150;
    /** Heads, most of them sound; each ends with a line. */
    private static final List<String> HEADS = List.of("", "# [[rule]]\n", "\uFEFFaccess_log = false\n", "defaults.prefer_ipv6 = true\n",
        "[global]\nshutdown_drain_secs = 3\nlabel = '''\n[[rule]'''\n", "[limits]\nmax_targets = 1\n", "[limits]\nmax_targets = 1\n", "[admin]\n",
        "[admin]\nlisten = \"127.0.0.1:1003\"\n", "[shell]\nlisten = \"127.0.0.1:8101\"\r\n", "[dns]\nservers = [\n\"192.0.2.53\",\n]\n",
        "[deploy]\nsigners = [ # [[rule]]\n\"/a\"]\n", "[stats]\nrefresh_ms = 250\n",
        "rule = []\n", "[rule]\n", "[[ rule ]]\nname = \"x\"\nlisten_port = 9\ntarget = \"a:1\"\n", "rule.name = 1\n", "\"rule\" = 1\n", "a = '''\n",
        "[global]\nlabel = \"\"\"\n", "x = [\n", "= 1\n", "[global]\n[global]\n", "golbal = 1\n");
    /** Lines of rules, most of them sound; some are about the next rule, or about none. */
    private static final List<String> LINES = List.of("", "# [[rule]]", "# ü 漢 \uD83D\uDE00", "description = \"[[rule]]\"", "description = 'ü'",
        "enabled = false", "bind = \"127.0.0.1\"", "pick = \"round_robin\"", "prefer_ipv6 = true", "drain_secs = 5", "timeouts.idle = \"1h\"",
        "transport = \"epoll\"", "health = { probe = \"tcp\", interval = \"11s\" }", "[rule.health]\nprobe = \"http\"\npath = \"/x\"",
        "[rule.timeouts]\r\npeek = \"1s\"\r", "[rule.sockets] # [[rule]]\nsend_buffer = 4096",
        "  [rule.match]\n  deny = [ # [[rule]]\n \"10.0.0.0/8\",\n ]", "match.deny = [\n\"10.0.0.1\"\n]",
        "proxy_protocol = \"v2\"\nproxy_tlvs = [\"ssl\"]", "accept_proxy = [\"10.0.0.1\"]", "sni = \"a.example.com\"",
        "description = '''\n[[rule]]\nname = \"inner\"\n'''", "description = \"\"\"\\\n  [[rule]]\"\"\"",
        "description = \"\"\"\\\n  [[rule]]\\\n\"\"\"", "match.deny = [\n[[rule]]\n]", "x = [\n[[rule]]", "description = '''", "'''", "\"\"\"", "]",
        "}", "health = {", "enabled = 1", "nope = 1", "udp_max_flows = 1", "[[ rule ]]", "[[rule]]x", "[[rule]] # twice", "[rule]",
        "[dns]\ntimeout = \"1s\"", "[admin]", "[rule.rule]", "[[rule.rule]]", "[[rule.targets]]", "name = \"again\"", "listen_port = 7080",
        "a\u0000b", "\uFEFF", "\r", "[rule.health]", "enabled = true\n[rule.health]\n[rule.health]");

    private final ConfigReader reader = new ConfigReader(PromptFiles.regular(), () -> Declared.GRAMMAR);

    @Test
    void theSameBytesAreNotReadAgain() {
        Reading first = read(rules("a", "b"));

        assertThat(read(rules("a", "b"))).isSameAs(first);
        read("broken");
        assertThat(read(rules("a", "b"))).isSameAs(first);
        assertThat(read(rules("a") + "\n[admin]\n")).isSameAs(read(rules("a") + "\n[admin]\n")).isInstanceOf(Reading.Good.class);
    }

    @Test
    void aRuleThatWasNotChangedIsTheSameObject() {
        List<Rule> before = valid(rules("a", "b", "c", "d", "e"));
        List<Rule> after = valid(rules("a", "b", "x", "d", "e"));
        List<Rule> moved = valid(rules("y", "e", "d", "x", "b", "a", "z"));

        assertSame(before, after, "a", "b", "d", "e");
        assertSame(before, moved, "a", "b", "d", "e");
        assertSame(after, moved, "a", "b", "d", "e", "x");
        assertThat(moved).extracting(Rule::name).containsExactly("y", "e", "d", "x", "b", "a", "z");
    }

    @Test
    void aRuleThatIsWrittenInAnotherWayIsTheSameObject() {
        List<Rule> before = valid(rules("a", "b"));

        assertSame(before, valid("# new\n" + rules("a", "b") + "# end\n"), "a", "b");
        assertSame(before, valid(rules("a", "b").replace("[[rule]]", "[[ rule ]]")), "a", "b");
        assertSame(before, valid("defaults.prefer_ipv6 = false\n" + rules("a", "b").replace("\n", "\r\n")), "a", "b");
        assertSame(before, valid(rules("a", "b") + "[limits]\nmax_targets = 9\n"), "a", "b");
    }

    @Test
    void rulesFollowTheDefaultsOfTheHead() {
        List<Rule> before = valid(rules("a"));
        List<Rule> after = valid("defaults.prefer_ipv6 = true\n" + rules("a"));

        assertThat(before.getFirst().targets().preferIpv6()).isFalse();
        assertThat(after.getFirst().targets().preferIpv6()).isTrue();
        assertThat(valid(rules("a"))).isEqualTo(before);
    }

    @Test
    void aFileIsReadInPiecesIfItCan() {
        assertThat(inPieces("# x\n" + rules("a", "b"))).isTrue();
        assertThat(inPieces("\uFEFF" + rules("a", "b").replace("\n", "\r\n"))).isTrue();
        assertThat(inPieces(rules("a", "b").replace("[[rule]]", " \t[[rule]] # [[rule]]"))).isTrue();
        assertThat(inPieces(rules("a").replace("target =", "#") + "[[rule.targets]]\nhost = \"b\"\nport = 1\n" + rules("b"))).isTrue();
        assertThat(inPieces(rules("a") + "[rule.health]\nprobe = \"tls\"\n" + rules("b"))).isTrue();
        assertThat(inPieces(rules("a") + "[admin]\n")).isFalse();
        assertThat(inPieces(rules("a").replace("[[rule]]", "[[ rule ]]"))).isFalse();
    }

    /** Each is sound alone but for what the other pieces have. */
    @ParameterizedTest
    @ValueSource(strings = {"[rule]\n", "rule = []\n", "rule.a = 1\n", "[\"rule\"]\n", "[[ rule ]]\n", "[[\"rule\"]]\n", "[rule.health]\n",
        "a = '''\n", "a = \"\"\"\n", "a = [\n", "a = {\n", "global = {", "[admin]\nlisten = \"127.0.0.1:97\"\n", "[admin]\nlisten = 1\n"})
    void aHeadThatDoesNotGoWithItsRulesHasTheProblemsOfTheWhole(String head) {
        read(rules("a", "b"));

        assertThat(read(head + rules("a", "b"))).isInstanceOf(Reading.Bad.class);
        read(rules("a", "b") + head);
        read(rules("a") + head + rules("b"));
    }

    @Test
    void bytesThatAreNotUtf8AreFoundWhereverTheyAre() {
        byte[] file = (rules("a") + "description = \"ü\"\n" + rules("b")).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < file.length; i++) {
            byte[] broken = file.clone();
            broken[i] = (byte) 0xC3;
            assertThat(new ConfigReader(PromptFiles.regular(), () -> Declared.GRAMMAR).read(broken))
                .isEqualTo(WholeFile.read(broken, Declared.GRAMMAR, Map.of()));
            byte[] cut = Arrays.copyOf(file, i);
            assertThat(reader.read(cut)).isEqualTo(WholeFile.read(cut, Declared.GRAMMAR, Map.of()));
        }
    }

    /** Files that follow each other as an operator, or worse, edits them. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whateverWasReadBeforeAFileComesToWhatItComesToAsAWhole(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Rule> known = new HashMap<>();
        List<String> rules = new ArrayList<>();
        List<String> sound = List.of();
        String head = "";
        int valid = 0;
        for (int i = 0; i < FILES; i++) {
            edit(rules, random);
            head = random.nextInt(8) == 0 ? HEADS.get(random.nextInt(HEADS.size())) : head;
            if (read(head + String.join("", rules)) instanceof Reading.Good now) {
                valid++;
                sound = List.copyOf(rules);
                Texts.rules(now.config()).rules().forEach(r -> assertThat(r).isSameAs(r.equals(known.get(r.name())) ? known.get(r.name()) : r));
                known.clear();
                Texts.rules(now.config()).rules().forEach(r -> known.put(r.name(), r));
            } else {
                head = "";
                rules = new ArrayList<>(sound);
            }
        }
        assertThat(valid).isBetween(FILES / 8, FILES * 7 / 8);
    }

    private static void edit(List<String> rules, SplittableRandom random) {
        int place = random.nextInt(rules.size() + 1);
        switch (random.nextInt(8)) {
            case 0 -> rules.removeIf(r -> random.nextInt(3) == 0);
            case 1 -> rules.addAll(place, rules.stream().skip(random.nextInt(rules.size() + 1)).limit(2).toList());
            case 2 -> rules.sort((a, b) -> Integer.compare(a.hashCode(), b.hashCode()));
            case 3, 4 -> {
                if (place < rules.size()) {
                    rules.set(place, rules.get(place) + LINES.get(random.nextInt(LINES.size())) + (random.nextInt(3) == 0 ? "\r\n" : "\n"));
                }
            }
            default -> rules.add(place, rule(random.nextInt(40)).replace("\n", random.nextInt(9) == 0 ? "\r\n" : "\n")
                + LINES.get(random.nextInt(LINES.size())) + "\n");
        }
    }

    private static String rule(int number) {
        return "[[rule]]\nname = \"r" + number + "\"\nlisten_port = " + (1000 + number) + "\ntarget = \"10.0.0." + number + ":80\"\n";
    }

    private static String rules(String... names) {
        return Arrays.stream(names).map(n -> "[[rule]]\nname = \"" + n + "\"\nlisten_port = " + n.codePointAt(0) + "\ntarget = \"10.0.0.1:80\"\n")
            .collect(Collectors.joining());
    }

    private static boolean inPieces(String text) {
        return ConfigReader.inPieces(text.getBytes(StandardCharsets.UTF_8), Declared.GRAMMAR);
    }

    private static void assertSame(List<Rule> before, List<Rule> after, String... names) {
        for (String name : names) {
            assertThat(named(after, name)).isSameAs(named(before, name));
        }
    }

    private static Rule named(List<Rule> rules, String name) {
        return rules.stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
    }

    private List<Rule> valid(String text) {
        assertThat(read(text)).isInstanceOf(Reading.Good.class);
        return Texts.rules(((Reading.Good) read(text)).config()).rules();
    }

    /** Reads in the light of what was read before, and as a whole. */
    private Reading read(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Reading result = reader.read(bytes);
        assertThat(result).isEqualTo(WholeFile.read(bytes, Declared.GRAMMAR, Map.of()))
            .isEqualTo(new ConfigReader(PromptFiles.regular(), () -> Declared.GRAMMAR).read(bytes));
        return result;
    }
}
