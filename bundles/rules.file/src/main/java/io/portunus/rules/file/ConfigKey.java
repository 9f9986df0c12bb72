// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.TableKey;
import java.util.Arrays;
import java.util.List;

/** Every key about rules, with the sentence for the reference. A key that is not built yet is refused by name. */
enum ConfigKey {
    DEFAULTS("", "defaults", "Table: values of rules that do not say otherwise."),
    RULE("", "rule", "Array of tables: one for each rule, at least one."),

    DEFAULT_PROTOCOL("defaults", "protocol", "Protocol of rules that name none, tcp, udp or tcp+udp; default tcp."),
    DEFAULT_PREFER_IPV6("defaults", "prefer_ipv6", "Whether named targets are tried by IPv6 first; default false."),
    DEFAULT_UDP_MAX_FLOWS("defaults", "udp_max_flows", "Most UDP sessions of a rule at once, 1 to 65535; default 1024."),
    DEFAULT_UDP_FLOW_IDLE_SECS("defaults", "udp_flow_idle_secs", "Seconds that a UDP session may be silent both ways, 5 to 86400; default 120."),

    MAX_TARGETS("limits", "max_targets", "Most targets of a rule, 1 to 64; default 8."),

    NAME("rule", "name", "Unique name, 1 to 255 bytes; required."),
    DESCRIPTION("rule", "description", "Free text, at most 1024 bytes."),
    ENABLED("rule", "enabled", "Whether the rule holds its ports; default true."),
    PROTOCOL("rule", "protocol", "tcp, udp, or tcp+udp for both on the same ports, as HTTPS and HTTP/3 of one name; default from [defaults]."
        + " Rules of either may have one port number."),
    BIND("rule", "bind", "IP address to listen on: 0.0.0.0 is every IPv4 address, :: every IPv6 address; default every address, IPv4 and IPv6."),
    DUAL_STACK("rule", "dual_stack", "With bind = \"::\": whether IPv4 clients are taken, too; default false. Without bind they are anyway."),
    LISTEN_PORT("rule", "listen_port", "Port to listen on, 1 to 65535; this or listen_ports is required."),
    LISTEN_PORTS("rule", "listen_ports", "Several ports: \"8000-8010\", \"80,443,8000-8010\", or an array of ports and ranges."),
    TARGET("rule", "target", "Where the bytes go: host:port, host:first-last, or a service, _service._tcp.domain or _service._udp.domain, as srv of a"
        + " target; this or targets is required."),
    TARGETS("rule", "targets", "Array of tables: where the bytes go, at least one and at most max_targets; [[rule.targets]] or [{ host = \"db\","
        + " port = 5432 }]."),
    PICK("rule", "pick", "How one of the targets of the best priority is found: first, round_robin, least_connections, source_hash (by the"
        + " client's address) or random_two (of two at random the one with fewer connections); default first."),
    ALL_DOWN("rule", "all_down", "What happens while every target has failed: open tries them all the same, closed refuses at once; default open."),
    CLOSE_ON_DOWN("rule", "close_on_down", "Whether the connections of a target are closed when it fails; default false."),
    SLOW_START("rule", "slow_start", "How long a target that came back gets less than its share, \"0s\" to \"1h\"; default \"0s\", not at all."),
    PREFER_IPV6("rule", "prefer_ipv6", "Whether a named target is tried by IPv6 first; default from [defaults]."),
    PROXY_PROTOCOL("rule", "proxy_protocol", "PROXY header in front of each connection to targets that say nothing else, v1 or v2; with protocol udp"
        + " v2, in front of each datagram; default none."),
    PROXY_TLVS("rule", "proxy_tlvs", "What a v2 header says besides, any of authority, alpn, unique_id, ssl, crc32c; default nothing."),
    PROXY_PASS_TLVS("rule", "proxy_pass_tlvs", "Whether a v2 header passes on the TLVs that the client's side brought; default false."),
    HEALTH_CHECK_INTERVAL_SECS("rule", "health_check_interval_secs", "Seconds between two TCP probes of a target, 1 to 3600; instead of"
        + " health.probe."),
    HEALTH("rule", "health", "Table: when a target counts as failed, and as healthy again, and what is asked of it."),
    TIMEOUTS("rule", "timeouts", "Table: how long connections may take, { idle = \"1h\" }."),
    DRAIN_SECS("rule", "drain_secs", "Seconds that live connections may stay once the rule is gone, 0 to 86400; default shutdown_drain_secs."),
    SOCKETS("rule", "sockets", "Table: options of the sockets of both sides."),
    TRANSPORT("rule", "transport", "What carries the connections, an installed transport such as xnio; the same for all rules of a port; default from"
        + " [global]."),
    ACCEPT_PROXY("rule", "accept_proxy", "Sources of which a PROXY header is required, [\"10.0.0.0/8\"], at most 256 blocks, with protocol udp"
        + " before each datagram; of others none is looked for. The same for all rules of a port; default none."),
    ACCEPT_PROXY_TIMEOUT("rule", "accept_proxy_timeout", "Time from accept to the whole PROXY header, \"1s\" to \"60s\"; default \"5s\"; not with"
        + " protocol udp."),
    SNI("rule", "sni", "Only clients that ask for this name, by TLS, or with protocol udp by QUIC: a host name, *. and a parent for one label in"
        + " front of it, **. and a parent for one or more, or ~ and a regular expression for the whole name."),
    MATCH("rule", "match", "Table: other things to route by, { kind = \"ssh\" }."),
    OWNER("rule", "owner", "Who owns the rule, 1 to 128 bytes, as policies and surfaces know owners; default nobody in particular."),
    LABELS("rule", "labels", "Table: words of your own about the rule, { tier = \"gold\" }, at most 32; they route nothing."),
    POLICIES("rule", "policies", "Table of tables: what limits the rule's connections, by the names of installed policies,"
        + " { NAME = { key = value } }; a policy that is missing refuses them."),
    UDP_MAX_FLOWS("rule", "udp_max_flows", "With protocol udp: most sessions at once, 1 to 65535; what comes beyond is dropped;"
        + " default from [defaults]."),
    UDP_FLOW_IDLE_SECS("rule", "udp_flow_idle_secs", "With protocol udp: seconds that a session may be silent both ways, 5 to 86400; default from"
        + " [defaults]."),
    UDP("rule", "udp", "Table: with protocol udp, how sessions go and what they may cost, { preset = \"dns\" }."),
    RATE_LIMIT("rule", "rate_limit", "Table: limits of the connections of the rule together, { bandwidth_in_bps = \"10MiB/s\" }; its keys may"
        + " stand in the rule as well."),
    BANDWIDTH_IN_BPS("rule", "bandwidth_in_bps", "As in rate_limit."),
    BANDWIDTH_OUT_BPS("rule", "bandwidth_out_bps", "As in rate_limit."),
    BANDWIDTH_IN_BURST("rule", "bandwidth_in_burst", "As in rate_limit."),
    BANDWIDTH_OUT_BURST("rule", "bandwidth_out_burst", "As in rate_limit."),
    NEW_CONNECTIONS_PER_SEC("rule", "new_connections_per_sec", "As in rate_limit."),
    NEW_CONNECTIONS_BURST("rule", "new_connections_burst", "As in rate_limit."),
    CONCURRENT_CONNECTIONS("rule", "concurrent_connections", "As in rate_limit."),
    CONCURRENT_CONNECTIONS_BURST("rule", "concurrent_connections_burst", "Refused: open connections have no burst."),
    TLS("rule", "tls", "Termination of TLS.", false),

    TARGET_HOST("rule.targets", "host", "A host name, an IPv4 address or an [IPv6 address]; this or srv is required."),
    TARGET_PORT("rule.targets", "port", "Port, 1 to 65535; this or ports is required with host."),
    TARGET_SRV("rule.targets", "srv", "A service, _service._tcp.domain, or with _udp for rules of udp: the bytes go to the hosts and ports of"
        + " its SRV records, by their priorities and weights, 32 of them at most; not with host, port or ports, nor where the rule"
        + " listens on a range."),
    TARGET_PORTS("rule.targets", "ports", "As many ports as the rule listens on, \"9000-9010\"; each listen port goes to the one at its place."),
    TARGET_PRIORITY("rule.targets", "priority", "Targets with the lowest number are used while one of them is up, 0 to 99; default 0."),
    TARGET_WEIGHT("rule.targets", "weight", "Share among the targets of one priority, 1 to 256, unless the first is picked; default 1."),
    TARGET_MAX_CONNECTIONS("rule.targets", "max_connections", "Most live connections to the target, 0 to 1000000; default 0, no ceiling."),
    TARGET_PROXY_PROTOCOL("rule.targets", "proxy_protocol", "PROXY header in front of each connection, v1 or v2; default that of the rule."),
    TARGET_PROXY_TLVS("rule.targets", "proxy_tlvs", "What a v2 header says besides; default that of the rule."),
    TARGET_PROXY_PASS_TLVS("rule.targets", "proxy_pass_tlvs", "Whether a v2 header passes TLVs of the client's side on; default that of the rule."),
    TARGET_DRAIN("rule.targets", "drain", "Whether the target gets no new connections and keeps those it has; default false."),

    LIMIT_BANDWIDTH_IN_BPS("rule.rate_limit", "bandwidth_in_bps", "Bytes a second from clients to targets, as a number or \"10MiB/s\","
        + " \"80Mbit/s\", of all connections of the rule together; default no limit."),
    LIMIT_BANDWIDTH_OUT_BPS("rule.rate_limit", "bandwidth_out_bps", "The same from targets to clients; default no limit."),
    LIMIT_BANDWIDTH_IN_BURST("rule.rate_limit", "bandwidth_in_burst", "Bytes from clients that may go at once, as a number or \"64KiB\"; default"
        + " what the rate brings in a second."),
    LIMIT_BANDWIDTH_OUT_BURST("rule.rate_limit", "bandwidth_out_burst", "The same to clients; default what the rate brings in a second."),
    LIMIT_NEW_CONNECTIONS_PER_SEC("rule.rate_limit", "new_connections_per_sec", "New connections or sessions a second, 1 to 1000000; others are"
        + " refused; default no limit."),
    LIMIT_NEW_CONNECTIONS_BURST("rule.rate_limit", "new_connections_burst", "New connections at once; default as many as in a second."),
    LIMIT_CONCURRENT_CONNECTIONS("rule.rate_limit", "concurrent_connections", "Open connections or sessions, 1 to 1000000; others are refused;"
        + " default no limit."),
    LIMIT_CONCURRENT_CONNECTIONS_BURST("rule.rate_limit", "concurrent_connections_burst", "Refused: open connections have no burst."),

    KIND("rule.match", "kind", "Only connections of this protocol, which an inspector must recognise; tls is TLS with any name, quic the"
        + " same with protocol udp, with tcp+udp tls is either, any is what no inspector of the port recognises; default tls or quic if there"
        + " is alpn, else every connection."),
    MATCH_NAME("rule.match", "name", "Only connections that ask for this name in a protocol other than TLS that tells one, as http does; written"
        + " as sni."),
    ALPN("rule.match", "alpn", "Only clients of TLS or QUIC that offer one of these application protocols, [\"h2\"], at most 16."),
    ALLOW("rule.match", "allow", "Only clients with addresses in one of these blocks, [\"10.0.0.0/8\"], at most 256; default every address."),
    DENY("rule.match", "deny", "Not clients with addresses in one of these blocks, whatever is allowed, at most 256; default none."),
    SILENCE("rule.match", "silence", "With kind any: how long a client may be silent before it counts as one that waits for the server to speak"
        + " first, \"0s\" to \"10s\"; default \"500ms\"."),

    UDP_PRESET("rule.udp", "preset", "What the other keys of the table are unless they are given: dns is mode responses, idle 10s, amplification 50;"
        + " syslog is mode datagram, idle 30s; voip is mode session, idle 5m."),
    UDP_MODE("rule.udp", "mode", "What a target is picked for: session, which stays with it; datagram, each anew, as for syslog; or responses, a"
        + " session that is over once its datagrams have had their answers, as for DNS; default session."),
    UDP_RESPONSES("rule.udp", "responses", "With mode responses: answers that each datagram of a client gets, 1 to 1000; default 1."),
    UDP_IDLE("rule.udp", "idle", "How long a session may be silent both ways, \"5s\" to \"24h\", instead of udp_flow_idle_secs; default from the"
        + " preset, or from [defaults]."),
    UDP_MAX_PER_SOURCE("rule.udp", "max_per_source", "Most sessions at once of one IPv4 address, or of one /64 of IPv6, 1 to 65535; default no"
        + " limit but udp_max_flows."),
    UDP_EVICT("rule.udp", "evict", "What happens when the rule has udp_max_flows sessions: none, the datagram is dropped, or oldest_idle, the session"
        + " of the same socket that has been silent longest gives way, those whose client has sent once only before others; default none."),
    UDP_AMPLIFICATION("rule.udp", "amplification", "How many times the bytes that a client has sent it may be answered, until it has sent a second"
        + " time, since its address may be somebody else's: 1 to 1000, or 0 for no limit; default 50 with mode responses, else 0."),

    HEALTH_FAILURES("rule.health", "failures", "Failed connections within the window that make a target fail, 1 to 100; default 3."),
    HEALTH_WINDOW("rule.health", "window", "Time they are counted in, \"1s\" to \"1h\"; default \"30s\"."),
    HEALTH_SUCCESSES("rule.health", "successes", "Connections in a row that make a failed target healthy, 1 to 100; default 2."),
    HEALTH_EJECTION("rule.health", "ejection", "How long a failed target gets no connection before one is tried on it, \"1s\" to \"1h\"; doubles"
        + " with each trial that fails; default \"10s\", or max_ejection if that is shorter."),
    HEALTH_MAX_EJECTION("rule.health", "max_ejection", "Where the doubling ends, \"1s\" to \"1h\", not shorter than ejection; default \"5m\", or"
        + " ejection if that is longer."),
    HEALTH_SILENCE("rule.health", "silence", "With protocol udp: how many of a hundred sessions within the window have to stay without any answer"
        + " to make a target fail, 1 to 100; default silence is no failure."),
    HEALTH_SILENCE_SESSIONS("rule.health", "silence_sessions", "With silence: sessions of the target that the window must have before the share"
        + " counts, 1 to 10000; default 10."),
    HEALTH_SILENCE_AFTER("rule.health", "silence_after", "With silence: how long the first answer to a session may take, \"100ms\" to \"4s\";"
        + " default \"2s\"."),
    HEALTH_PROBE("rule.health", "probe", "What is asked of each target by itself: tcp (does it accept), tls (does it answer a hello), http (does"
        + " it answer with a good status) or talk (does it say what is expected); with protocol udp also udp (does it answer a"
        + " datagram) or dns (does it answer a question); default nothing."),
    HEALTH_INTERVAL("rule.health", "interval", "Time between two probes of a target, \"1s\" to \"1h\"; default \"10s\"."),
    HEALTH_TIMEOUT("rule.health", "timeout", "How long the whole answer may take, \"100ms\" to \"60s\", not longer than interval; default \"5s\","
        + " or interval if that is shorter."),
    HEALTH_RISE("rule.health", "rise", "Good answers in a row that make a failed target healthy, 1 to 100; default 2."),
    HEALTH_FALL("rule.health", "fall", "Bad answers in a row that make a target fail, 1 to 100; default 3."),
    HEALTH_PORT("rule.health", "port", "Port to ask at, 1 to 65535; default that of the target."),
    HEALTH_PROXY("rule.health", "proxy", "Whether a PROXY header that speaks for nobody comes before the question; default whether a target of"
        + " the rule has proxy_protocol."),
    HEALTH_NAME("rule.health", "name", "With probe tls: server name to ask for, default none; with probe dns: name to ask for, default \".\", the"
        + " servers of the root."),
    HEALTH_HOST("rule.health", "host", "With probe http: the Host of the request; default the host of the first target, or the domain of"
        + " its service."),
    HEALTH_PATH("rule.health", "path", "With probe http: path to ask for, from the slash on; default /."),
    HEALTH_STATUS("rule.health", "status", "With probe http: status that is good, one or a range within 100-599; default \"200-399\"."),
    HEALTH_SEND("rule.health", "send", "With probe talk: text to send first, at most 1024 characters, default none; with probe udp: text of the"
        + " datagram, sent up to three times."),
    HEALTH_EXPECT("rule.health", "expect", "With probe talk or udp: text that the answer must contain, at most 1024 characters; default none, any"
        + " answer."),
    HEALTH_SEND_HEX("rule.health", "send_hex", "With probe udp: the same as send, in hexadecimal digits, at most 1024 bytes."),
    HEALTH_EXPECT_HEX("rule.health", "expect_hex", "With probe udp: the same as expect, in hexadecimal digits."),

    PEEK("rule.timeouts", "peek", "First bytes until it is known what they are, \"100ms\" to \"60s\"; of several rules of a port the longest"
        + " counts; default \"3s\"."),
    CONNECT_ATTEMPT("rule.timeouts", "connect_attempt", "One address of a target to answer, \"100ms\" to \"60s\"; default \"3s\"."),
    CONNECT("rule.timeouts", "connect", "All addresses and all targets together, \"100ms\" to \"10m\"; default \"15s\"."),
    IDLE("rule.timeouts", "idle", "No byte either way, \"1s\" to \"720h\"; default \"0s\", no limit."),
    HALF_CLOSED("rule.timeouts", "half_closed", "No byte either way once one side has finished, \"1s\" to \"720h\", or \"0s\" for no limit;"
        + " default \"10m\"."),
    LIFETIME("rule.timeouts", "lifetime", "From accept to close, \"1s\" to \"720h\"; default \"0s\", no limit."),

    KEEPALIVE_IDLE("rule.sockets", "keepalive_idle", "Silence before the first keepalive probe, whole seconds, \"1s\" to \"9h\", or \"0s\" for"
        + " what the system has; default \"5m\"."),
    KEEPALIVE_INTERVAL("rule.sockets", "keepalive_interval", "Time between two keepalive probes, whole seconds, \"1s\" to \"9h\"; default \"0s\","
        + " what the system has."),
    KEEPALIVE_PROBES("rule.sockets", "keepalive_probes", "Keepalive probes without answer before a connection is given up, 1 to 127; default what"
        + " the system has."),
    USER_TIMEOUT("rule.sockets", "user_timeout", "How long sent data may stay unacknowledged, \"100ms\" to \"1h\"; default \"0s\", what the"
        + " system has."),
    SEND_BUFFER("rule.sockets", "send_buffer", "Bytes of the send buffer, 4096 to 67108864; default 0, the system grows it by itself."),
    RECEIVE_BUFFER("rule.sockets", "receive_buffer", "Bytes of the receive buffer, 4096 to 67108864; default 0, the system grows it by itself."),
    SOURCE("rule.sockets", "source", "Address of this machine that connections to targets come from; default what the system picks.");

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

    /** All of them. */
    static List<TableKey> keys() {
        return Arrays.stream(values()).map(own -> new TableKey(own.table, own.key, own.sentence, own.built)).toList();
    }
}
