// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.PortRange;
import io.portunus.model.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The ports that the system gives to outgoing connections (ip_local_port_range, ip(7)). A rule may listen there, but any program that connects
 * somewhere may have its port when the node starts. Immutable.
 *
 * @param range the ports; empty where the system does not state them
 */
record EphemeralPorts(Optional<PortRange> range) {
    private static final int LONGEST = 64;
    private static final Path FILE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    /** Those of this machine. */
    static EphemeralPorts ofThisSystem() {
        // By one read: a second one would find the end, and Files.readString begins with a single byte where the size is given as 0.
        try (InputStream range = Files.newInputStream(FILE)) {
            return parse(new String(range.readNBytes(LONGEST), StandardCharsets.US_ASCII));
        } catch (IOException notLinux) {
            return new EphemeralPorts(Optional.empty());
        }
    }

    /** Reads two numbers. */
    static EphemeralPorts parse(String text) {
        String[] words = text.strip().split("\\s+");
        try {
            return new EphemeralPorts(words.length == 2 ? Optional.of(PortRange.parse(words[0] + "-" + words[1])) : Optional.empty());
        } catch (IllegalArgumentException otherSystem) {
            return new EphemeralPorts(Optional.empty());
        }
    }

    /** A sentence for each rule that listens there. */
    List<String> hints(List<Rule> rules) {
        return range.map(its -> rules.stream().filter(Rule::enabled).flatMap(rule -> hint(rule, its).stream()).toList()).orElse(List.of());
    }

    private static Optional<String> hint(Rule rule, PortRange range) {
        return rule.listen().stream().filter(its -> its.first() <= range.last() && range.first() <= its.last()).findFirst()
            .map(its -> "the rule '" + rule.name() + "' listens on " + its + ", within the ports that the system gives to outgoing connections ("
                + range + "): one of them may have the port when the node starts; take another one, or add it to"
                + " net.ipv4.ip_local_reserved_ports");
    }
}
