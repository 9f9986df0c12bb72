// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Match;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
    private static final String RULE = "[[rule]]\nname = \"web\"\nlisten_port = 8080\ntarget = \"10.0.0.1:80\"\n";

    /** Where the line stands: "top" before everything, "rule" at the end of a good rule, "name", "port", "target" in place of that key. */
    @ParameterizedTest(name = "{0}: {1} gives {2} at {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        top      | access_log = 1                           | wrong_type        | access_log
        top      | access_log = "true"                      | wrong_type        | access_log
        top      | access_log.enabled = 1                   | wrong_type        | access_log.enabled
        top      | access_log.to = "journal"                | invalid_value     | access_log.to
        top      | access_log.path = "access.log"           | invalid_value     | access_log.path
        top      | access_log.path = "/var/log/"            | invalid_value     | access_log.path
        top      | access_log.max_size = 64                 | wrong_type        | access_log.max_size
        top      | access_log.max_size = "64"               | invalid_value     | access_log.max_size
        top      | access_log.max_size = "64MB"             | invalid_value     | access_log.max_size
        top      | access_log.max_size = "1023KiB"          | invalid_value     | access_log.max_size
        top      | access_log.max_size = "1025GiB"          | invalid_value     | access_log.max_size
        top      | access_log.keep = 101                    | invalid_value     | access_log.keep
        top      | access_log.keep = -1                     | invalid_value     | access_log.keep
        top      | access_log.fields = "peer"               | wrong_type        | access_log.fields
        top      | access_log.fields = []                   | invalid_value     | access_log.fields
        top      | access_log.fields = ["pier"]             | invalid_value     | access_log.fields[0]
        top      | access_log.fields = ["peer", "peer"]     | invalid_value     | access_log.fields[1]
        top      | access_log.syslog = "127.0.0.1:514"      | invalid_value     | access_log.syslog
        top      | access_log = {to = "syslog", syslog = "unix:/dev/log"} | invalid_value | access_log.syslog
        top      | access_log = {to = "syslog", keep = 2}   | invalid_value     | access_log.keep
        top      | access_log = {to = "stdout", path = "/a"} | invalid_value    | access_log.path
        top      | access_log.size = "1GiB"                 | unknown_key       | access_log.size
        top      | acess_log = true                         | unknown_key       | acess_log
        top      | global = 1                               | wrong_type        | global
        top      | [[global]]                               | wrong_type        | global
        top      | admin = true                             | wrong_type        | admin
        top      | limits = []                              | wrong_type        | limits
        top      | defaults = ""                            | wrong_type        | defaults
        top      | [golbal]                                 | unknown_key       | golbal
        top      | global.label = 1                         | wrong_type        | global.label
        top      | global.label = ""                        | invalid_value     | global.label
        top      | global.label = "a\\u0007"                | invalid_value     | global.label
        top      | global.log_level = "loud"                | invalid_value     | global.log_level
        top      | global.log_level = "INFO"                | invalid_value     | global.log_level
        top      | global.log_level = 3                     | wrong_type        | global.log_level
        top      | global.log_format = "xml"                | invalid_value     | global.log_format
        top      | global.log_format = false                | wrong_type        | global.log_format
        top      | global.shutdown_drain_secs = -1          | invalid_value     | global.shutdown_drain_secs
        top      | global.shutdown_drain_secs = 3601        | invalid_value     | global.shutdown_drain_secs
        top      | global.shutdown_drain_secs = 1.5         | wrong_type        | global.shutdown_drain_secs
        top      | global.shutdown_drain_secs = "30"        | wrong_type        | global.shutdown_drain_secs
        top      | global.nope = 1                          | unknown_key       | global.nope
        top      | global."a b" = 1                         | unknown_key       | global.'a b'
        top      | defaults.protocol = "icmp"               | invalid_value     | defaults.protocol
        top      | defaults.protocol = "sctp"               | invalid_value     | defaults.protocol
        top      | defaults.protocol = 6                    | wrong_type        | defaults.protocol
        top      | defaults.prefer_ipv6 = 1                 | wrong_type        | defaults.prefer_ipv6
        top      | defaults.udp_max_flows = 0               | invalid_value     | defaults.udp_max_flows
        top      | defaults.udp_flow_idle_secs = 1          | invalid_value     | defaults.udp_flow_idle_secs
        top      | defaults.prefer_ipv4 = true              | unknown_key       | defaults.prefer_ipv4
        top      | admin.listen = 7080                      | wrong_type        | admin.listen
        top      | admin.listen = "7080"                    | invalid_value     | admin.listen
        top      | admin.listen = "localhost:7080"          | invalid_value     | admin.listen
        top      | admin.listen = "127.0.0.1"               | invalid_value     | admin.listen
        top      | admin.listen = "127.0.0.1:65536"         | invalid_value     | admin.listen
        top      | admin.listen = "127.0.0.1:-1"            | invalid_value     | admin.listen
        top      | admin.listen = "127.0.0.1:٣"             | invalid_value     | admin.listen
        top      | admin.listen = "::1:7080"                | invalid_value     | admin.listen
        top      | admin.listen = "[127.0.0.1]:7080"        | invalid_value     | admin.listen
        top      | admin.listen = "[[::1]]:7080"            | invalid_value     | admin.listen
        top      | admin.listen = "127.0.0.1:8080"          | port_in_use       | rule[0].listen_port
        top      | admin.host = "127.0.0.1"                 | invalid_value     | admin.host
        top      | admin.host = "a..b"                      | invalid_value     | admin.host
        top      | admin.host = "edge.test:7080"            | invalid_value     | admin.host
        top      | admin.host = ""                          | invalid_value     | admin.host
        top      | admin.host = ["edge", "a..b"]            | invalid_value     | admin.host[1]
        top      | admin.host = ["edge", 7]                 | wrong_type        | admin.host[1]
        top      | admin.host = 7                           | wrong_type        | admin.host
        top      | admin.port = 1                           | unknown_key       | admin.port
        top      | limits.max_connections = -1              | invalid_value     | limits.max_connections
        top      | limits.max_connections = 1000001         | invalid_value     | limits.max_connections
        top      | limits.max_connections = "1"             | wrong_type        | limits.max_connections
        top      | limits.max_peeks = 0                     | invalid_value     | limits.max_peeks
        top      | limits.max_peeks = 65537                 | invalid_value     | limits.max_peeks
        top      | limits.max_peeks = 9223372036854775807   | invalid_value     | limits.max_peeks
        top      | limits.max_peeks = true                  | wrong_type        | limits.max_peeks
        top      | limits.max_buffer_bytes = 1048575        | invalid_value     | limits.max_buffer_bytes
        top      | limits.max_buffer_bytes = 1073741825     | invalid_value     | limits.max_buffer_bytes
        top      | limits.max_buffer_bytes = "32MiB"        | wrong_type        | limits.max_buffer_bytes
        top      | limits.max_flows = 1                     | unknown_key       | limits.max_flows
        name     |                                          | missing_key       | rule[0].name
        name     | name = ""                                | invalid_value     | rule[0].name
        name     | name = "  "                              | invalid_value     | rule[0].name
        name     | name = 1                                 | wrong_type        | rule[0].name
        name     | name = "a\\tb"                           | invalid_value     | rule[0].name
        port     |                                          | missing_key       | rule[0].listen_port
        port     | listen_port = 0                          | range_invalid     | rule[0].listen_port
        port     | listen_port = 65536                      | range_invalid     | rule[0].listen_port
        port     | listen_port = -5                         | range_invalid     | rule[0].listen_port
        port     | listen_port = "80"                       | wrong_type        | rule[0].listen_port
        port     | listen_port = 80.0                       | wrong_type        | rule[0].listen_port
        port     | listen_port = [80]                       | wrong_type        | rule[0].listen_port
        port     | listen_ports = 80                        | wrong_type        | rule[0].listen_ports
        port     | listen_ports = ""                        | range_invalid     | rule[0].listen_ports
        port     | listen_ports = "80-"                     | range_invalid     | rule[0].listen_ports
        port     | listen_ports = "90-80"                   | range_invalid     | rule[0].listen_ports
        port     | listen_ports = "80,,81"                  | range_invalid     | rule[0].listen_ports
        port     | listen_ports = "80 81"                   | range_invalid     | rule[0].listen_ports
        port     | listen_ports = "http"                    | range_invalid     | rule[0].listen_ports
        port     | listen_ports = "80,80"                   | port_in_use       | rule[0].listen_ports
        port     | listen_ports = "80-90"                   | range_invalid     | rule[0].target
        port     | listen_ports = []                        | range_invalid     | rule[0].listen_ports
        port     | listen_ports = [80, 0]                   | range_invalid     | rule[0].listen_ports[1]
        port     | listen_ports = [80, -1]                  | range_invalid     | rule[0].listen_ports[1]
        port     | listen_ports = [80, 70000]               | range_invalid     | rule[0].listen_ports[1]
        port     | listen_ports = [80, "81-x"]              | range_invalid     | rule[0].listen_ports[1]
        port     | listen_ports = [80, true]                | wrong_type        | rule[0].listen_ports[1]
        port     | listen_ports = [80, [81]]                | wrong_type        | rule[0].listen_ports[1]
        top      | admin.listen = "127.0.0.1:8080"          | port_in_use       | rule[0].listen_port
        target   |                                          | missing_key       | rule[0].target
        target   | target = 80                              | wrong_type        | rule[0].target
        target   | target = ""                              | invalid_target_host | rule[0].target
        target   | target = "db.example.com"                | invalid_target_host | rule[0].target
        target   | target = ":80"                           | invalid_target_host | rule[0].target
        target   | target = "tcp://db:80"                   | invalid_target_host | rule[0].target
        target   | target = "d b:80"                        | invalid_target_host | rule[0].target
        target   | target = "-db:80"                        | invalid_target_host | rule[0].target
        target   | target = "10.0.0.256:80"                 | invalid_target_host | rule[0].target
        target   | target = "::1:80"                        | invalid_target_host | rule[0].target
        target   | target = "[::1]"                         | invalid_target_host | rule[0].target
        target   | target = "[db]:80"                       | invalid_target_host | rule[0].target
        target   | target = "db:0"                          | range_invalid     | rule[0].target
        target   | target = "db:65536"                      | range_invalid     | rule[0].target
        target   | target = "db:http"                       | range_invalid     | rule[0].target
        target   | target = "db:"                           | range_invalid     | rule[0].target
        target   | target = "db:90-80"                      | range_invalid     | rule[0].target
        target   | target = "db:80-81"                      | range_invalid     | rule[0].target
        rule     | listen_ports = "81"                      | conflicting_keys  | rule[0].listen_ports
        rule     | description = 1                          | wrong_type        | rule[0].description
        rule     | description = "a\\u001Bb"                | invalid_value     | rule[0].description
        rule     | enabled = "yes"                          | wrong_type        | rule[0].enabled
        rule     | protocol = "icmp"                        | invalid_value     | rule[0].protocol
        rule     | protocol = "TCP"                         | invalid_value     | rule[0].protocol
        rule     | protocol = 6                             | wrong_type        | rule[0].protocol
        rule     | bind = 1                                 | wrong_type        | rule[0].bind
        rule     | bind = "localhost"                       | invalid_value     | rule[0].bind
        rule     | bind = "10.0.0.1:80"                     | invalid_value     | rule[0].bind
        rule     | bind = "[::1]"                           | invalid_value     | rule[0].bind
        rule     | bind = "224.0.0.1"                       | invalid_value     | rule[0].bind
        rule     | bind = ""                                | invalid_value     | rule[0].bind
        rule     | sni = 1                                  | wrong_type        | rule[0].sni
        rule     | sni = ""                                 | validation.sni_pattern_malformed | rule[0].sni
        rule     | sni = "*"                                | validation.sni_pattern_malformed | rule[0].sni
        rule     | sni = "*.com"                            | validation.sni_pattern_malformed | rule[0].sni
        rule     | sni = "a.*.com"                          | validation.sni_pattern_malformed | rule[0].sni
        rule     | sni = "10.0.0.1"                         | validation.sni_pattern_malformed | rule[0].sni
        rule     | sni = "a b.com"                          | validation.sni_pattern_malformed | rule[0].sni
        rule     | prefer_ipv6 = "no"                       | wrong_type        | rule[0].prefer_ipv6
        rule     | udp_max_flows = 65536                    | invalid_value     | rule[0].udp_max_flows
        rule     | udp_flow_idle_secs = 86401               | invalid_value     | rule[0].udp_flow_idle_secs
        rule     | udp.preset = "dns"                       | validation.not_for_protocol | rule[0].udp
        rule     | rate_limit = "x"                         | wrong_type | rule[0].rate_limit
        rule     | rate_limit = { bandwidth = 1 }           | unknown_key | rule[0].rate_limit.bandwidth
        rule     | rate_limit = { bandwidth_in_bps = 0 }    | validation.rate_limit_cap_zero | rule[0].rate_limit.bandwidth_in_bps
        rule     | bandwidth_in_bps = 0                     | validation.rate_limit_cap_zero | rule[0].bandwidth_in_bps
        rule     | bandwidth_out_bps = -1                   | validation.rate_limit_cap_zero | rule[0].bandwidth_out_bps
        rule     | new_connections_per_sec = 0              | validation.rate_limit_cap_zero | rule[0].new_connections_per_sec
        rule     | concurrent_connections = 0               | validation.rate_limit_cap_zero | rule[0].concurrent_connections
        rule     | concurrent_connections = "9"             | wrong_type | rule[0].concurrent_connections
        rule     | concurrent_connections = 1000001         | validation.rate_limit_cap_range | rule[0].concurrent_connections
        rule     | bandwidth_in_bps = "2Tbit/s"             | validation.rate_limit_cap_range | rule[0].bandwidth_in_bps
        rule     | bandwidth_in_bps = "10MiB"               | invalid_value | rule[0].bandwidth_in_bps
        rule     | bandwidth_in_bps = "fast"                | invalid_value | rule[0].bandwidth_in_bps
        rule     | bandwidth_in_bps = 1.5                   | wrong_type | rule[0].bandwidth_in_bps
        rule     | bandwidth_in_burst = 10                  | validation.rate_limit_burst_without_rate | rule[0].bandwidth_in_burst
        rule     | new_connections_burst = 10               | validation.rate_limit_burst_without_rate | rule[0].new_connections_burst
        rule     | bandwidth_in_bps = 1000\\nbandwidth_in_burst = 9 | validation.rate_limit_burst_range | rule[0].bandwidth_in_burst
        rule     | bandwidth_out_bps = 10\\nbandwidth_out_burst = 601 | validation.rate_limit_burst_range | rule[0].bandwidth_out_burst
        rule     | concurrent_connections_burst = 5         | validation.rate_limit_burst_unsupported | rule[0].concurrent_connections_burst
        rule     | rate_limit = {}\\nbandwidth_in_bps = 9   | conflicting_keys | rule[0].bandwidth_in_bps
        rule     | policies.limits = {}                     | invalid_value | rule[0].policies.limits
        rule     | tls = true                               | not_supported_yet | rule[0].tls
        rule     | policies = []                            | wrong_type        | rule[0].policies
        rule     | policies.cap = 3                         | wrong_type        | rule[0].policies.cap
        rule     | policies.Cap = {}                        | invalid_value     | rule[0].policies.Cap
        rule     | policies.cap = { at = { x = 1 } }        | wrong_type        | rule[0].policies.cap.at
        rule     | owner = ""                               | invalid_value     | rule[0].owner
        rule     | labels = { tier = 3 }                    | wrong_type        | rule[0].labels.tier
        rule     | match = ""                               | wrong_type        | rule[0].match
        rule     | match = {}                               | missing_key       | rule[0].match.kind
        rule     | match = { kind = 1 }                     | wrong_type        | rule[0].match.kind
        rule     | match = { kind = "" }                    | invalid_value     | rule[0].match.kind
        rule     | match = { kind = "TLS" }                 | invalid_value     | rule[0].match.kind
        rule     | match = { kind = "1x" }                  | invalid_value     | rule[0].match.kind
        rule     | match = { kind = "tls", knd = "" }       | unknown_key       | rule[0].match.knd
        rule     | match = { kind = "redis" }\\nsni = "a.b" | conflicting_keys  | rule[0].match.kind
        rule     | drain_secs = -1                          | invalid_value     | rule[0].drain_secs
        rule     | drain_secs = 86401                       | invalid_value     | rule[0].drain_secs
        rule     | drain_secs = "30"                        | wrong_type        | rule[0].drain_secs
        top      | deploy = 1                               | wrong_type        | deploy
        top      | deploy.require_signed = 1                | wrong_type        | deploy.require_signed
        top      | deploy.require_signed = true             | missing_key       | deploy.signers
        top      | deploy = { require_signed = true, signers = [] } | missing_key | deploy.signers
        top      | deploy.signers = "/a.pem"                | wrong_type        | deploy.signers
        top      | deploy.signers = ["/a.pem", 1]           | wrong_type        | deploy.signers[1]
        top      | deploy.signers = ["a.pem"]               | invalid_value     | deploy.signers[0]
        top      | deploy.signers = ["/a\\u0000"]            | invalid_value     | deploy.signers[0]
        top      | deploy.bake = 10                         | wrong_type        | deploy.bake
        top      | deploy.bake = ""                         | invalid_value     | deploy.bake
        top      | deploy.bake = "10"                       | invalid_value     | deploy.bake
        top      | deploy.bake = "-1s"                      | invalid_value     | deploy.bake
        top      | deploy.bake = "1.5s"                     | invalid_value     | deploy.bake
        top      | deploy.bake = "1d"                       | invalid_value     | deploy.bake
        top      | deploy.bake = "11m"                      | invalid_value     | deploy.bake
        top      | deploy.bake = "600001ms"                 | invalid_value     | deploy.bake
        top      | deploy.bake = "9999999999s"              | invalid_value     | deploy.bake
        top      | deploy.max_versions = 1                  | invalid_value     | deploy.max_versions
        top      | deploy.max_versions = 9                  | invalid_value     | deploy.max_versions
        top      | deploy.max_versions = "3"                | wrong_type        | deploy.max_versions
        top      | deploy.max_version = 3                   | unknown_key       | deploy.max_version
        top      | shell = true                             | wrong_type        | shell
        top      | shell.listen = 8101                      | wrong_type        | shell.listen
        top      | shell.listen = "localhost:8101"          | invalid_value     | shell.listen
        top      | shell.listen = "127.0.0.1:8080"          | port_in_use       | rule[0].listen_port
        top      | shell.listen = "127.0.0.1:7081"\\nadmin.listen = "127.0.0.1:7081" | port_in_use | shell.listen
        top      | shell.listen = "[::]:7081"\\nadmin.listen = "127.0.0.1:7081"      | port_in_use | shell.listen
        top      | shell.authorized_keys = 1                | wrong_type        | shell.authorized_keys
        top      | shell.authorized_keys = "keys"           | invalid_value     | shell.authorized_keys
        top      | shell.port = 1                           | unknown_key       | shell.port
        rule     | listn_port = 1                           | unknown_key       | rule[0].listn_port
        """)
    void everyWrongValueIsRefusedWithItsCodeAndPath(String where, String line, String code, String path) {
        String written = line == null ? "" : line.replace("\\n", "\n");
        String text = switch (where) {
            case "top" -> written + "\n" + RULE;
            case "name" -> RULE.replace("name = \"web\"", written);
            case "port" -> RULE.replace("listen_port = 8080", written);
            case "target" -> RULE.replace("target = \"10.0.0.1:80\"", written);
            default -> RULE + written + "\n";
        };

        List<Problem> problems = problems(text);

        assertThat(brief(problems)).isEqualTo(code + " " + path);
        assertThat(problems).allSatisfy(p -> assertThat(p.text()).contains(";"));
        assertThat(problems).allSatisfy(p -> assertThat(p.position()).isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"listen_ports = \"80\"", "listen_ports = \"80, 443\"", "listen_ports = [80, \"443\"]",
        "listen_ports = [80, \"8000-8010\"]", "listen_port = 1", "listen_port = 65535", "listen_port = 0x50"})
    void waysToWritePorts(String line) {
        assertThat(problems(RULE.replace("listen_port = 8080", line))).isEmpty();
    }

    @Test
    void aFullFileIsReadAsWritten() {
        Config config = valid("""
            access_log = false
            [global]
            label = "edge-1"
            log_level = "debug"
            log_format = "pretty"
            shutdown_drain_secs = 0
            [defaults]
            protocol = "tcp"
            prefer_ipv6 = true
            [admin]
            listen = "[::1]:0"
            [limits]
            max_connections = 1000000
            max_peeks = 1
            [[rule]]
            name = "db"
            description = "the database"
            enabled = false
            protocol = "tcp"
            bind = "127.0.0.1"
            listen_ports = "443,8443"
            target = "DB.example.com:5432"
            sni = "*.Example.com"
            match = { kind = "tls" }
            drain_secs = 86400
            prefer_ipv6 = false
            """);

        assertThat(config.node()).isEqualTo(new Config.NodeSettings(Optional.of("edge-1"), Duration.ZERO));
        assertThat(Declared.table(config, "global")).isEqualTo(Map.of("log_level", "debug", "log_format", "pretty"));
        assertThat(Declared.table(config, "access_log")).isEqualTo(Map.of("enabled", false));
        assertThat(Declared.table(config, "limits")).isEqualTo(Map.of("max_connections", 1_000_000L, "max_peeks", 1));
        assertThat(Declared.table(config, "admin")).isEqualTo(Map.of("listen", "[::1]:0"));
        assertThat(Texts.rules(config).rules()).singleElement().satisfies(rule -> {
            assertThat(rule.match().kind()).contains("tls");
            assertThat(rule.drain()).isEqualTo(Duration.ofDays(1));
            assertThat(rule.name()).isEqualTo("db");
            assertThat(rule.description()).isEqualTo("the database");
            assertThat(rule.enabled()).isFalse();
            assertThat(rule.bind()).contains(InetAddress.ofLiteral("127.0.0.1"));
            assertThat(rule.listen()).hasToString("[443, 8443]");
            assertThat(rule.sni()).hasToString("Optional[*.example.com]");
            assertThat(rule.targets()).hasToString("db.example.com:5432");
            assertThat(rule.targets().preferIpv6()).isFalse();
        });
    }

    @Test
    void bundlesAndShellAreReadAsWritten() {
        Config config = valid("""
            [deploy]
            require_signed = true
            signers = ["/etc/portunus/a.pem"]
            bake = "500ms"
            max_versions = 8
            [shell]
            listen = "127.0.0.1:0"
            authorized_keys = "/etc/portunus/keys"
            """ + RULE);

        assertThat(Declared.table(config, "deploy"))
            .isEqualTo(Map.of("require_signed", true, "signers", List.of("/etc/portunus/a.pem"), "bake", 500L, "max_versions", 8));
        assertThat(Declared.table(config, "shell")).isEqualTo(Map.of("listen", "127.0.0.1:0", "authorized_keys", "/etc/portunus/keys"));
    }

    @Test
    void aKindIsReadAsWritten() {
        assertThat(Texts.rules(RULE + "match.kind = \"redis\"\n").rules().getFirst().match()).isEqualTo(Match.ofKind("redis"));
        assertThat(Texts.rules(RULE + "[rule.match]\nkind = \"tls\"\n").rules().getFirst().match()).isEqualTo(Match.ofKind("tls"));
    }

    @Test
    void aSurfaceWhosePortNobodyNamedMakesRoom() {
        String rule = RULE.replace("8080", "7080");

        assertThat(Declared.listen(valid(rule), "admin.listen")).isEqualTo("127.0.0.1:0");
        assertThat(Declared.listen(valid(rule + "bind = \"127.0.0.2\"\n"), "admin.listen")).isEqualTo("127.0.0.1:7080");
        assertThat(Declared.listen(valid(rule + "enabled = false\n"), "admin.listen")).isEqualTo("127.0.0.1:7080");
        assertThat(Declared.listen(valid("shell.listen = \"[::]:7080\"\n" + RULE), "admin.listen")).isEqualTo("127.0.0.1:0");
        assertThat(Declared.listen(valid("shell = {}\nadmin.listen = \"127.0.0.1:8101\"\n" + RULE), "shell.listen")).isEqualTo("127.0.0.1:0");
        assertThat(Declared.listen(valid("shell = {}\n" + RULE.replace("8080", "8101")), "shell.listen")).isEqualTo("127.0.0.1:0");
    }

    @Test
    void theSmallestFileGetsTheDefaults() {
        Config config = valid(RULE);

        Rule rule = Texts.rules(config).rules().getFirst();
        assertThat(config.node()).isEqualTo(new Config.NodeSettings(Optional.empty(), Duration.ofSeconds(30)));
        assertThat(config.settings().values()).isEmpty();
        assertThat(config.settings().value("limits.max_peeks")).contains(1024);
        assertThat(Declared.listen(config, "admin.listen")).isEqualTo("127.0.0.1:7080");
        assertThat(Declared.listen(config, "shell.listen")).isEmpty();
        assertThat(rule.match()).isEqualTo(Match.ANY);
        assertThat(rule.drain()).isEqualTo(Duration.ofSeconds(30));
        assertThat(rule.enabled()).isTrue();
        assertThat(rule.bind()).isEmpty();
        assertThat(Texts.rules(config).revision()).matches("[0-9a-f]{16}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void bindingToTheAnyAddressMeansEveryAddressOfItsFamily(String bind) {
        assertThat(Texts.rules(RULE + "bind = \"" + bind + "\"\n").rules().getFirst().bind()).contains(InetAddress.ofLiteral(bind));
    }

    @Test
    void bothFamiliesAreTakenWhereThatIsAskedFor() {
        assertThat(Texts.rules(RULE + "bind = \"::\"\ndual_stack = true\n").rules().getFirst().bind()).isEmpty();
        assertThat(Texts.rules(RULE + "dual_stack = true\n").rules().getFirst().bind()).isEmpty();
        assertThat(Texts.rules(RULE + "bind = \"::\"\ndual_stack = false\n").rules().getFirst().bind()).contains(InetAddress.ofLiteral("::"));
    }

    @Test
    void defaultsReachTheRules() {
        assertThat(Texts.rules("[defaults]\nprefer_ipv6 = true\n" + RULE).rules().getFirst().targets().preferIpv6()).isTrue();
    }

    @Test
    void theWholeNodesDrainIsTheRulesToo() {
        assertThat(Texts.rules("global.shutdown_drain_secs = 5\n" + RULE).rules().getFirst().drain()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void aShellWithoutMoreListensForItself() {
        assertThat(Declared.listen(valid("[shell]\n" + RULE), "shell.listen")).isEqualTo("127.0.0.1:8101");
    }

    @ParameterizedTest
    @CsvSource({"0s, 0", "0ms, 0", "10s, 10000", "10m, 600000", "600000ms, 600000"})
    void bakesAreWholeNumbersOfAUnit(String text, long millis) {
        assertThat(valid("deploy.bake = \"" + text + "\"\n" + RULE).settings().value("deploy.bake")).contains(millis);
    }

    @Test
    void rulesOfOnePortWithTheSameKindAreBlamedAtTheKind() {
        String redis = "match = { kind = \"redis\" }\n";

        List<Problem> problems = problems(RULE + redis + RULE.replace("web", "other") + redis);

        assertThat(brief(problems)).isEqualTo("conflict.kind_duplicate rule[1].match.kind");
        assertThat(problems.getFirst().position().orElseThrow().line()).isEqualTo(10);
    }

    @Test
    void aKindIsSharedWithNames() {
        assertThat(problems(RULE + "match = { kind = \"tls\" }\n" + RULE.replace("web", "named") + "sni = \"a.example.com\"\n"
            + RULE.replace("web", "cache") + "match = { kind = \"redis\" }\n")).isEmpty();
    }

    @Test
    void allProblemsAreReportedAtOnceWithTheirPlaces() {
        List<Problem> problems = problems("""
            acess_log = true
            [global]
              log_level = "loud"
            [[rule]]
            name = "a"
            listen_port = 80
            target = "nowhere"
            [[rule]]
            name = "a"
            listen_port = 80
              target = "10.0.0.1:80"
            sni = "*"
            [[rule]]
            listen_ports = [443, 0]
            target = "10.0.0.1:80"
            [[rule]]
            name = "d"
            listen_port = 80
            target = "10.0.0.1:80"
            """);

        assertThat(problems.stream().map(p -> p.position().orElseThrow().line() + ":" + p.position().orElseThrow().column() + " "
            + p.code().code() + " " + p.path())).containsExactly(
            "1:1 unknown_key acess_log",
            "3:3 invalid_value global.log_level",
            "7:1 invalid_target_host rule[0].target",
            "9:1 duplicate_name rule[1].name",
            "12:1 validation.sni_pattern_malformed rule[1].sni",
            "13:1 missing_key rule[2].name",
            "14:22 range_invalid rule[2].listen_ports[1]",
            "18:1 port_in_use rule[3].listen_port");
        assertThat(problems.getFirst().text()).contains("did you mean 'access_log'?");
    }

    @Test
    void severalSyntaxErrorsAreReportedBesideWrongValues() {
        List<Problem> problems = problems("a = \n[admin]\nlisten = 1\n[global]\nlabel = foo\n");

        assertThat(brief(problems)).isEqualTo("syntax , wrong_type admin.listen, syntax ");
        assertThat(problems).extracting(p -> p.position().orElseThrow().line()).containsExactly(1, 3, 5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "rule = []\n", "[global]\nlabel = \"x\"\n"})
    void aFileWithoutRulesIsRefused(String text) {
        assertThat(brief(problems(text))).isEqualTo("no_rules rule");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[rule]\nname = \"a\"\n", "rule = 1\n"})
    void aRuleThatIsNoArrayOfTablesIsRefused(String text) {
        assertThat(brief(problems(text))).isEqualTo("wrong_type rule");
    }

    @Test
    void anArrayOfOtherThingsIsNoRule() {
        assertThat(brief(problems("rule = [1]\n"))).isEqualTo("wrong_type rule[0]");
    }

    @Test
    void namesMayHave255BytesAndNotOneMore() {
        assertThat(problems(RULE.replace("web", "ä".repeat(127)))).isEmpty();
        assertThat(brief(problems(RULE.replace("web", "ä".repeat(128))))).isEqualTo("invalid_value rule[0].name");
        assertThat(brief(problems("global.label = \"" + "x".repeat(256) + "\"\n" + RULE))).isEqualTo("invalid_value global.label");
        assertThat(brief(problems(RULE + "description = \"" + "x".repeat(1025) + "\"\n"))).isEqualTo("invalid_value rule[0].description");
    }

    @Test
    void aListOfTooManyPortsIsRefused() {
        String list = IntStream.rangeClosed(1, 1025).mapToObj(Integer::toString)
            .collect(Collectors.joining(","));

        assertThat(brief(problems(RULE.replace("listen_port = 8080", "listen_ports = \"" + list + "\""))))
            .isEqualTo("range_invalid rule[0].listen_ports");
        assertThat(brief(problems(RULE.replace("listen_port = 8080", "listen_ports = [" + list + "]"))))
            .isEqualTo("range_invalid rule[0].listen_ports");
    }

    @Test
    void deepNestingIsASyntaxErrorAndNoCrash() {
        assertThat(problems("a = " + "[".repeat(200_000))).allSatisfy(p -> assertThat(p.code().code()).isEqualTo("syntax"));
    }

    @Test
    void aFileThatIsTooLargeMissingOrAFolderIsAnIoError(@TempDir Path folder) throws Exception {
        Path large = Files.write(folder.resolve("large"), new byte[ConfigReader.MAX_BYTES + 1]);

        assertThat(List.of(large, folder.resolve("missing"), folder)).allSatisfy(file ->
            assertThat(brief(((Reading.Bad) new ConfigReader(PromptFiles.regular(), () -> Declared.GRAMMAR).read(file)).problems()))
                .isEqualTo("io_error "));
    }

    @Test
    void aFileThatIsNotUtf8IsReportedWithThePlace(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("latin1"), "a = 1\nb = \"ü\"".getBytes(StandardCharsets.ISO_8859_1));

        List<Problem> problems = ((Reading.Bad) new ConfigReader(PromptFiles.regular(), () -> Declared.GRAMMAR).read(file)).problems();

        assertThat(problems).singleElement().satisfies(p -> assertThat(p.position()).contains(new Problem.Position(2, 6)));
    }

    @Test
    void aByteOrderMarkIsSkipped(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("bom"), "\uFEFF" + RULE);

        assertThat(new ConfigReader(PromptFiles.regular(), () -> Declared.GRAMMAR).read(file)).isInstanceOf(Reading.Good.class);
    }

    private static Config valid(String text) {
        Reading result = Texts.read(text);
        assertThat(result).isInstanceOf(Reading.Good.class);
        return ((Reading.Good) result).config();
    }

    private static List<Problem> problems(String text) {
        return Texts.read(text) instanceof Reading.Bad invalid ? invalid.problems() : List.of();
    }

    private static String brief(List<Problem> problems) {
        return problems.stream().map(p -> p.code().code() + " " + p.path()).collect(Collectors.joining(", "));
    }
}
