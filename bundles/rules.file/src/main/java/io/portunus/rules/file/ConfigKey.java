// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Every key of the file, with the sentence for the reference. A key that is not built yet is refused by name. */
enum ConfigKey {
    GLOBAL("", "global", "Table: what belongs to the whole node."),
    DEFAULTS("", "defaults", "Table: values of rules that do not say otherwise."),
    ADMIN("", "admin", "Table: the admin surface."),
    LIMITS("", "limits", "Table: ceilings of the node."),
    DEPLOY("", "deploy", "Table: how bundles are replaced."),
    SHELL("", "shell", "Table: the shell over SSH; without it there is none."),
    RULE("", "rule", "Array of tables: one for each rule, at least one."),
    ACCESS_LOG("", "access_log", "Whether each connection leaves an access record; default true."),
    STATS("", "stats", "Table: the statistics socket.", false),

    LABEL("global", "label", "Name of the node in metrics, 1 to 255 bytes; default is the host name."),
    LOG_LEVEL("global", "log_level", "One of off, error, warn, info, debug, trace; default warn."),
    LOG_FORMAT("global", "log_format", "json or pretty; default json."),
    SHUTDOWN_DRAIN_SECS("global", "shutdown_drain_secs", "Seconds that live connections get at shut-down, 0 to 3600; default 30. Also what rules have"
        + " that do not say drain_secs."),

    DEFAULT_PROTOCOL("defaults", "protocol", "Protocol of rules; only tcp in this release."),
    DEFAULT_PREFER_IPV6("defaults", "prefer_ipv6", "Whether named targets are tried by IPv6 first; default false."),
    DEFAULT_UDP_MAX_FLOWS("defaults", "udp_max_flows", "Most UDP sessions of a rule.", false),
    DEFAULT_UDP_FLOW_IDLE_SECS("defaults", "udp_flow_idle_secs", "Idle time of a UDP session.", false),

    HOST("admin", "host", "Host name by which the admin surface may be called, besides its address and localhost; default none."),
    LISTEN("admin", "listen", "Address and port of the admin surface, ip:port; port 0 lets the system pick; default 127.0.0.1:7080."),

    MAX_CONNECTIONS("limits", "max_connections", "Most live connections, 0 to 1000000; 0, the default, derives it from the descriptor limit."),
    MAX_PEEKS("limits", "max_peeks", "Most connections that wait for their TLS hello at once, 1 to 65536; default 1024."),

    REQUIRE_SIGNED("deploy", "require_signed", "Whether only bundles are taken that one of the signers has signed; default false."),
    SIGNERS("deploy", "signers", "Absolute paths of PEM files with the certificates of who may sign, at most 64; required if require_signed."),
    BAKE("deploy", "bake", "How long a new version is watched before it stays, \"0s\" to \"10m\", in ms, s or m; default \"10s\"."),
    MAX_VERSIONS("deploy", "max_versions", "Most versions of a bundle at once, 2 to 8; default 3."),

    SHELL_LISTEN("shell", "listen", "Address and port of the shell, ip:port; port 0 lets the system pick; default 127.0.0.1:8101."),
    AUTHORIZED_KEYS("shell", "authorized_keys", "Absolute path of the file with the public keys that may come in; default authorized_keys"
        + " in the state folder."),

    NAME("rule", "name", "Unique name, 1 to 255 bytes; required."),
    DESCRIPTION("rule", "description", "Free text, at most 1024 bytes."),
    ENABLED("rule", "enabled", "Whether the rule holds its ports; default true."),
    PROTOCOL("rule", "protocol", "Only tcp in this release; default from [defaults]."),
    BIND("rule", "bind", "IP address to listen on; default every address, IPv4 and IPv6."),
    LISTEN_PORT("rule", "listen_port", "Port to listen on, 1 to 65535; this or listen_ports is required."),
    LISTEN_PORTS("rule", "listen_ports", "Several ports: \"8000-8010\", \"80,443,8000-8010\", or an array of ports and ranges."),
    TARGET("rule", "target", "Where the bytes go: host:port or host:first-last; required."),
    SNI("rule", "sni", "Only TLS connections that ask for this name: a host name, or *. and a parent."),
    MATCH("rule", "match", "Table: other things to route by, { kind = \"redis\" }."),
    KIND("rule.match", "kind", "Only connections of this protocol, which an inspector must recognise; tls is TLS with any name."),
    DRAIN_SECS("rule", "drain_secs", "Seconds that live connections may stay once the rule is gone, 0 to 86400; default shutdown_drain_secs."),
    PREFER_IPV6("rule", "prefer_ipv6", "Whether a named target is tried by IPv6 first; default from [defaults]."),
    TARGETS("rule", "targets", "Several targets.", false),
    UDP_MAX_FLOWS("rule", "udp_max_flows", "Most UDP sessions.", false),
    UDP_FLOW_IDLE_SECS("rule", "udp_flow_idle_secs", "Idle time of a UDP session.", false),
    PROXY_PROTOCOL("rule", "proxy_protocol", "PROXY header for the target.", false),
    HEALTH_CHECK_INTERVAL_SECS("rule", "health_check_interval_secs", "Probes of the targets.", false),
    RATE_LIMIT("rule", "rate_limit", "Limits of rate and concurrency.", false),
    BANDWIDTH_IN_BPS("rule", "bandwidth_in_bps", "Bytes a second from clients.", false),
    BANDWIDTH_OUT_BPS("rule", "bandwidth_out_bps", "Bytes a second to clients.", false),
    BANDWIDTH_IN_BURST("rule", "bandwidth_in_burst", "Burst of it.", false),
    BANDWIDTH_OUT_BURST("rule", "bandwidth_out_burst", "Burst of it.", false),
    NEW_CONNECTIONS_PER_SEC("rule", "new_connections_per_sec", "New connections a second.", false),
    NEW_CONNECTIONS_BURST("rule", "new_connections_burst", "Burst of it.", false),
    CONCURRENT_CONNECTIONS("rule", "concurrent_connections", "Live connections of the rule.", false),
    POLICIES("rule", "policies", "Policies of the rule.", false),
    TLS("rule", "tls", "Termination of TLS.", false),
    TIMEOUTS("rule", "timeouts", "Timeouts of the rule.", false);

    /** By table and key; a large file asks thousands of times. */
    private static final Map<String, ConfigKey> BY_PLACE = Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(
        k -> k.table + "/" + k.key, k -> k));

    private final String table;
    private final String key;
    private final String sentence;
    private final boolean built;

    ConfigKey(String table, String key, String sentence) {
        this(table, key, sentence, true);
    }

    ConfigKey(String table, String key, String sentence, boolean built) {
        this.table = table;
        this.key = key;
        this.sentence = sentence;
        this.built = built;
    }

    /** The key as it is written. */
    String key() {
        return key;
    }

    /** Its sentence for the reference. */
    String sentence() {
        return sentence;
    }

    /** Whether this release has the feature. */
    boolean built() {
        return built;
    }

    /** The key of that spelling in a table, {@code ""} for the top of the file. */
    static Optional<ConfigKey> find(String table, String key) {
        return Optional.ofNullable(BY_PLACE.get(table + "/" + key));
    }

    /** Every key of a table that this release has. */
    static List<ConfigKey> builtKeys(String table) {
        return Arrays.stream(values()).filter(k -> k.table.equals(table) && k.built).toList();
    }
}
