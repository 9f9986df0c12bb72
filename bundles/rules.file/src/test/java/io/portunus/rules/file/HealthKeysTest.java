// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import static io.portunus.config.file.Texts.NOWHERE;
import static io.portunus.config.file.Texts.RULE;
import static io.portunus.config.file.Texts.brief;
import static io.portunus.config.file.Texts.problems;
import static io.portunus.config.file.Texts.rule;
import static io.portunus.config.file.Texts.sentences;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.HealthPolicy;
import io.portunus.model.PortRange;
import io.portunus.model.Probe;
import io.portunus.model.Probe.Ask;
import io.portunus.model.SilencePolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthKeysTest {
    @Test
    void everyKeyIsReadAsWritten() {
        assertThat(health("failures = 1, window = \"1h\", successes = 100, ejection = \"1s\", max_ejection = \"1h\", probe = \"http\", "
            + "interval = \"20s\", timeout = \"20s\", rise = 1, fall = 100, port = 8080, host = \"app.example.com\", path = \"/up?x=1\", "
            + "status = \"200\", proxy = true"))
            .isEqualTo(new HealthPolicy(1, Duration.ofHours(1), 100, Duration.ofSeconds(1), Duration.ofHours(1), Optional.of(new Probe(
                new Ask.Http("app.example.com", "/up?x=1", PortRange.of(200)), Duration.ofSeconds(20), Duration.ofSeconds(20), 1, 100,
                OptionalInt.of(8080), true))));
    }

    @Test
    void withoutATableThereIsTheDefault() {
        assertThat(rule(RULE).targets().health()).isEqualTo(HealthPolicy.DEFAULT);
        assertThat(health("")).isEqualTo(HealthPolicy.DEFAULT);
    }

    @Test
    void everyProbeAsksItsQuestion() {
        assertThat(ask("probe = \"tcp\"")).isEqualTo(new Ask.Tcp());
        assertThat(ask("probe = \"tls\"")).isEqualTo(new Ask.Tls(""));
        assertThat(ask("probe = \"tls\", name = \"db.example.com\"")).isEqualTo(new Ask.Tls("db.example.com"));
        assertThat(ask("probe = \"http\"")).isEqualTo(new Ask.Http("10.0.0.1", "/", new PortRange(200, 399)));
        assertThat(ask("probe = \"http\", host = \"[::1]:8080\", status = \"100-599\""))
            .isEqualTo(new Ask.Http("[::1]:8080", "/", new PortRange(100, 599)));
        assertThat(ask("probe = \"talk\"")).isEqualTo(new Ask.Talk("", ""));
        assertThat(ask("probe = \"talk\", send = \"PING\\r\\n\", expect = \"PONG\"")).isEqualTo(new Ask.Talk("PING\r\n", "PONG"));
        assertThat(rule(NOWHERE + "target = \"[::1]:80\"\nhealth = { probe = \"http\" }\n").targets().health().probe().orElseThrow().ask())
            .isEqualTo(new Ask.Http("[::1]", "/", new PortRange(200, 399)));
    }

    @Test
    void whatIsNotSetGivesWayToWhatIs() {
        assertThat(health("ejection = \"10m\"").maxEjection()).isEqualTo(Duration.ofMinutes(10));
        assertThat(health("max_ejection = \"5s\"").ejection()).isEqualTo(Duration.ofSeconds(5));
        assertThat(health("probe = \"tcp\", interval = \"2s\"").probe().orElseThrow().timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(health("probe = \"tcp\"").probe()).contains(Probe.tcp(Duration.ofSeconds(10)));
    }

    @Test
    void theKeyOfPortunusIsATcpProbe() {
        assertThat(rule(RULE + "health_check_interval_secs = 3600\n").targets().health())
            .isEqualTo(HealthPolicy.DEFAULT.with(Probe.tcp(Duration.ofHours(1))));
        assertThat(rule(RULE + "health_check_interval_secs = 1\n").targets().health().probe().orElseThrow().timeout())
            .isEqualTo(Duration.ofSeconds(1));
        assertThat(rule(RULE + "health_check_interval_secs = 30\nhealth = { failures = 5, fall = 1, port = 81 }\n").targets().health())
            .isEqualTo(new HealthPolicy(5, Duration.ofSeconds(30), 2, Duration.ofSeconds(10), Duration.ofMinutes(5), Optional.of(new Probe(
                new Ask.Tcp(), Duration.ofSeconds(30), Duration.ofSeconds(5), 2, 1, OptionalInt.of(81), false))));
    }

    @Test
    void aProbeSpeaksTheProxyProtocolAsTheTargetsDo() {
        String targets = NOWHERE + "targets = [{ host = \"a\", port = 1 }, { host = \"b\", port = 1, proxy_protocol = \"v1\" }]\n";

        assertThat(rule(targets + "health_check_interval_secs = 5\n").targets().health().probe().orElseThrow().local()).isTrue();
        assertThat(rule(targets + "health = { probe = \"tls\" }\n").targets().health().probe().orElseThrow().local()).isTrue();
        assertThat(rule(targets + "health = { probe = \"tls\", proxy = false }\n").targets().health().probe().orElseThrow().local()).isFalse();
        assertThat(rule(RULE + "health = { probe = \"tls\" }\n").targets().health().probe().orElseThrow().local()).isFalse();
    }

    @ParameterizedTest(name = "{0} gives {1} at {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        failures = 0                               | invalid_value    | failures
        failures = 101                             | invalid_value    | failures
        failures = "3"                             | wrong_type       | failures
        window = 30                                | wrong_type       | window
        window = "0s"                              | invalid_value    | window
        window = "61m"                             | invalid_value    | window
        successes = 0                              | invalid_value    | successes
        ejection = "999ms"                         | invalid_value    | ejection
        ejection = "3601s"                         | invalid_value    | ejection
        max_ejection = "2h"                        | invalid_value    | max_ejection
        ejection = "10s", max_ejection = "9s"      | invalid_value    | max_ejection
        fialures = 1                               | unknown_key      | fialures
        probe = "ping"                             | invalid_value    | probe
        probe = true                               | wrong_type       | probe
        probe = "tcp", interval = "999ms"          | health_check_interval_out_of_range | interval
        probe = "tcp", interval = "3601s"          | health_check_interval_out_of_range | interval
        probe = "tcp", interval = "soon"           | invalid_value    | interval
        probe = "tcp", interval = 10               | wrong_type       | interval
        probe = "tcp", timeout = "99ms"            | invalid_value    | timeout
        probe = "tcp", timeout = "61s"             | invalid_value    | timeout
        probe = "tcp", timeout = "11s"             | invalid_value    | timeout
        probe = "tcp", rise = 0                    | invalid_value    | rise
        probe = "tcp", fall = 101                  | invalid_value    | fall
        probe = "tcp", port = 0                    | range_invalid    | port
        probe = "tcp", port = "80"                 | wrong_type       | port
        probe = "tcp", proxy = "v1"                | wrong_type       | proxy
        probe = "tcp", name = "a"                  | conflicting_keys | name
        probe = "tcp", path = "/"                  | conflicting_keys | path
        probe = "tls", host = "a"                  | conflicting_keys | host
        probe = "http", send = "a"                 | conflicting_keys | send
        probe = "http", expect = "a"               | conflicting_keys | expect
        probe = "talk", status = "200"             | conflicting_keys | status
        probe = "tls", name = "a,b"                | invalid_value    | name
        probe = "tls", name = "10.0.0.1"           | invalid_value    | name
        probe = "tls", name = ""                   | invalid_value    | name
        probe = "http", host = "a b"               | invalid_value    | host
        probe = "http", host = ""                  | invalid_value    | host
        probe = "http", host = "a\\r\\nX: y"       | invalid_value    | host
        probe = "http", path = "healthz"           | invalid_value    | path
        probe = "http", path = "/a b"              | invalid_value    | path
        probe = "http", path = "/a\\r\\nX: y"      | invalid_value    | path
        probe = "http", status = 200               | wrong_type       | status
        probe = "http", status = "99"              | invalid_value    | status
        probe = "http", status = "200-600"         | invalid_value    | status
        probe = "http", status = "2xx"             | invalid_value    | status
        probe = "http", status = "300-200"         | invalid_value    | status
        probe = "talk", send = 1                   | wrong_type       | send
        interval = "10s"                           | missing_key      | probe
        timeout = "1s"                             | missing_key      | probe
        rise = 1                                   | missing_key      | probe
        proxy = false                              | missing_key      | probe
        path = "/"                                 | missing_key      | probe
        """)
    void everyWrongKeyIsRefused(String content, String code, String key) {
        String text = RULE + "health = { " + content + " }\n";

        assertThat(brief(text)).isEqualTo(code + " rule[0].health." + key);
        assertThat(problems(text)).allSatisfy(p -> assertThat(p.text()).contains(";"));
        assertThat(problems(text)).extracting(p -> p.position().orElseThrow().line()).containsExactly(5);
    }

    @ParameterizedTest(name = "{0} gives {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        health = 1                                                            | wrong_type rule[0].health
        health_check_interval_secs = 0                                        | health_check_interval_out_of_range rule[0].health_check_interval_secs
        health_check_interval_secs = 3601                                     | health_check_interval_out_of_range rule[0].health_check_interval_secs
        health_check_interval_secs = "1"                                      | wrong_type rule[0].health_check_interval_secs
        health_check_interval_secs = 5\\nhealth = { probe = "tcp" }           | conflicting_keys rule[0].health_check_interval_secs
        health_check_interval_secs = 5\\nhealth = { interval = "5s" }         | conflicting_keys rule[0].health_check_interval_secs
        health_check_interval_secs = 5\\nhealth = { path = "/" }              | conflicting_keys rule[0].health.path
        health_check_interval_secs = 5\\nhealth = { timeout = "6s" }          | invalid_value rule[0].health.timeout
        """)
    void theKeyOfPortunusHasItsBounds(String lines, String problem) {
        assertThat(brief(RULE + lines.replace("\\n", "\n") + "\n")).isEqualTo(problem);
    }

    @Test
    void textsHaveABound() {
        String longest = "x".repeat(Probe.MAX_TEXT);

        assertThat(ask("probe = \"talk\", send = \"" + longest + "\"")).isEqualTo(new Ask.Talk(longest, ""));
        assertThat(brief(RULE + "health = { probe = \"talk\", expect = \"" + longest + "x\" }\n"))
            .isEqualTo("invalid_value rule[0].health.expect");
        assertThat(brief(RULE + "health = { probe = \"http\", path = \"/" + longest + "\" }\n")).isEqualTo("invalid_value rule[0].health.path");
    }

    @Test
    void sentencesNameTheRightProbe() {
        assertThat(sentences(RULE + "health = { path = \"/\" }\n"))
            .containsExactly("'path' is of a probe, and there is none; add probe = \"http\", or remove the key");
        assertThat(sentences(RULE + "health = { probe = \"tls\", expect = \"x\" }\n"))
            .containsExactly("a probe of tls has no 'expect'; write probe = \"talk\", or remove the key");
        assertThat(sentences(RULE + "health_check_interval_secs = 5\nhealth = { probe = \"tcp\" }\n"))
            .containsExactly("the rule has health.probe too; write its interval there, and remove this key");
        assertThat(sentences(RULE + "health = { probe = \"tcp\", interval = \"2s\", timeout = \"3s\" }\n")).containsExactly(
            "the answer may come after the next question, which is asked after 2s; write a shorter timeout, or a longer interval");
        assertThat(sentences(RULE + "health = { probe = \"tcp\", interval = \"0s\" }\n"))
            .containsExactly("'0s' is outside 1s to 1h; write a time within");
    }

    private static Ask ask(String content) {
        return health(content).probe().orElseThrow().ask();
    }

    private static HealthPolicy health(String content) {
        return rule(RULE + "health = { " + content + " }\n").targets().health();
    }

    private static final String UDP = RULE + "protocol = \"udp\"\n";

    /** U5. */
    @Test
    void silenceHasItsBounds() {
        assertThat(silence("silence = 80")).contains(new SilencePolicy(80, 10, Duration.ofSeconds(2)));
        assertThat(silence("silence = 1, silence_sessions = 1, silence_after = \"100ms\""))
            .contains(new SilencePolicy(1, 1, Duration.ofMillis(100)));
        assertThat(silence("silence = 100, silence_sessions = 10000, silence_after = \"4s\", window = \"1h\""))
            .contains(new SilencePolicy(100, 10_000, Duration.ofSeconds(4)));
        assertThat(silence("failures = 1")).isEmpty();
        assertThat(sentences(UDP + "health = { silence_after = \"1s\" }\n"))
            .containsExactly("'silence_after' is of silence, which is not set; add silence = 80, or remove the key");
    }

    @ParameterizedTest(name = "{0} gives {1}")
    @CsvSource({"silence_sessions = 0, silence_sessions", "silence_sessions = 10001, silence_sessions", "silence_after = \"99ms\", silence_after",
        "silence_after = \"5s\", silence_after"})
    void valuesBesideSilenceHaveTheirBounds(String content, String key) {
        assertThat(brief(UDP + "health = { silence = 80, " + content + " }\n")).isEqualTo("invalid_value rule[0].health." + key);
    }

    private static Optional<SilencePolicy> silence(String content) {
        return rule(UDP + "health = { " + content + " }\n").targets().health().silence();
    }
}
