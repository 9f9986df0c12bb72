// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.view;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A line of the daemon, every text of it fit for a terminal. What is missing is empty or zero. Immutable. */
sealed interface Message {
    /** What this program understands. */
    int PROTOCOL = 1;

    /**
     * What the daemon is and what it forwards.
     *
     * @param version version of the daemon
     * @param refreshMillis time between two snapshots
     * @param rules its rules
     */
    record Hello(String version, long refreshMillis, List<Rule> rules) implements Message {
        public Hello {
            rules = List.copyOf(rules);
        }
    }

    /**
     * A rule.
     *
     * @param listen addresses with ports
     * @param match what a connection must be; may be empty
     */
    record Rule(BigInteger id, String name, boolean enabled, String protocol, String listen, String match, List<Target> targets) {
        public Rule {
            targets = List.copyOf(targets);
        }
    }

    /**
     * A target.
     *
     * @param host name or address, one of IPv6 in brackets
     * @param ports a port or a range
     */
    record Target(String host, String ports, int priority, int weight) {
        @Override
        public String toString() {
            return host + (ports.isEmpty() ? "" : ":" + ports);
        }
    }

    /**
     * All counters at one moment.
     *
     * @param counts counters of each rule by its id
     */
    record Snapshot(long atMillis, long uptimeMillis, long filesOpen, long filesLimit, long memoryBytes, Map<BigInteger, Counts> counts)
            implements Message {
        public Snapshot {
            counts = Map.copyOf(counts);
        }
    }

    /**
     * Counters of a rule.
     *
     * @param errors what went wrong, by the name of the protocol, in its order
     * @param states what each of its targets is to new connections, in the order of the hello; empty if the daemon does not send them
     */
    record Counts(long in, long out, long active, long total, long datagramsIn, long datagramsOut, long flowsActive, long failovers,
            Map<String, Long> errors, List<State> states) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, Map.of(), List.of());

        public Counts {
            states = List.copyOf(states);
        }

        /** What the target at a place is. */
        State state(int place) {
            return place < states.size() ? states.get(place) : State.UNKNOWN;
        }
    }

    /**
     * What the daemon knows of a target.
     *
     * @param code {@code "healthy"}, {@code "failed"} or another word of the protocol
     * @param reason why, a code; may be empty
     */
    record State(String code, String reason) {
        static final State UNKNOWN = new State("unknown", "");

        /** Whether new connections may go there. */
        boolean up() {
            return code.equals("healthy") || code.equals("slow_start");
        }

        boolean failed() {
            return code.equals("failed");
        }

        boolean known() {
            return !equals(UNKNOWN);
        }

        @Override
        public String toString() {
            return reason.isEmpty() ? code : code + " (" + reason + ")";
        }
    }

    /**
     * Reads a line.
     *
     * @throws IOException with a sentence if it is not of this protocol
     */
    static Message parse(String line) throws IOException {
        JsonNode node = tree(line);
        if (node.has("v")) {
            return hello(node);
        }
        if (!node.path("r").isArray()) {
            throw new IOException("it sends something that is neither a hello nor a snapshot");
        }
        Map<BigInteger, Counts> counts = new LinkedHashMap<>();
        node.path("r").forEach(rule -> counts.put(id(rule), counts(rule)));
        JsonNode process = node.path("process");
        return new Snapshot(number(node, "t_ms"), number(node, "uptime_ms"), number(process, "fd_open"), number(process, "fd_limit"),
            number(process, "rss_bytes"), counts);
    }

    /**
     * Reads a line as a tree.
     *
     * @throws IOException with a sentence if it is no JSON object, or a hello of another version of the protocol
     */
    static JsonNode tree(String line) throws IOException {
        try {
            JsonNode node = JsonMapper.shared().readTree(line);
            if (!node.isObject()) {
                throw new IOException("it does not send JSON objects");
            }
            if (node.has("v") && node.path("v").asInt(0) != PROTOCOL) {
                throw new IOException("it speaks version " + clean(node.path("v").toString()) + " of the protocol and this program version "
                    + PROTOCOL + "; use the program of the daemon's release");
            }
            return node;
        } catch (JacksonException e) {
            throw new IOException("it does not send JSON", e);
        }
    }

    private static Hello hello(JsonNode node) {
        List<Rule> rules = new ArrayList<>();
        node.path("rules").forEach(rule -> rules.add(rule(rule)));
        return new Hello(text(node, "daemon_version"), number(node, "refresh_ms"), rules);
    }

    private static Rule rule(JsonNode node) {
        List<Target> targets = new ArrayList<>();
        node.path("targets").forEach(target -> targets.add(new Target(text(target, "host"), ports(target),
            (int) number(target, "priority"), (int) number(target, "weight"))));
        String listeners = node.path("listeners").valueStream().map(one -> clean(one.asString(""))).collect(Collectors.joining(","));
        return new Rule(id(node), text(node, "name"), node.path("enabled").asBoolean(true), text(node, "proto"),
            listeners.isEmpty() ? text(node, "listen") : listeners, text(node, "match"), targets);
    }

    private static Counts counts(JsonNode node) {
        Map<String, Long> errors = new LinkedHashMap<>();
        node.path("err").propertyStream().limit(64).forEach(error -> errors.put(clean(error.getKey()), error.getValue().asLong(0)));
        return new Counts(number(node, "in"), number(node, "out"), number(node, "conns_active"), number(node, "conns_total"),
            number(node, "datagrams_in"), number(node, "datagrams_out"), number(node, "flows_active"), number(node, "target_failovers_total"),
            errors, node.path("targets").valueStream().map(target -> new State(text(target, "state"), text(target, "reason"))).toList());
    }

    /** The decimal digits of the id, as a predecessor of this daemon sends them, too. */
    private static BigInteger id(JsonNode node) {
        String text = node.path("id").asString("");
        return text.matches("[0-9]{1,20}") ? new BigInteger(text) : BigInteger.ZERO;
    }

    private static String ports(JsonNode target) {
        String ports = text(target, "ports");
        long port = number(target, "port");
        return ports.isEmpty() && port > 0 ? Long.toString(port) : ports;
    }

    private static long number(JsonNode node, String field) {
        return node.path(field).asLong(0);
    }

    private static String text(JsonNode node, String field) {
        return clean(node.path(field).asString(""));
    }

    private static String clean(String text) {
        return Text.clean(text);
    }
}
