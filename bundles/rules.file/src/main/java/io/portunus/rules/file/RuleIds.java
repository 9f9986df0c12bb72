// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Datagrams;
import io.portunus.model.Governance;
import io.portunus.model.HealthPolicy;
import io.portunus.model.HostPattern;
import io.portunus.model.Match;
import io.portunus.model.Probe;
import io.portunus.model.Probe.Ask;
import io.portunus.model.ProxyHeader;
import io.portunus.model.ProxyTrust;
import io.portunus.model.Rule;
import io.portunus.model.Sockets;
import io.portunus.model.SourceFilter;
import io.portunus.model.Target;
import io.portunus.model.TargetGroup;
import io.portunus.model.Timeouts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.commons.codec.digest.Blake3;

/** Names that follow from content: the id of a rule from its name, the revision of a rule set from its rules. */
final class RuleIds {
    /** Bytes of SHA-256 that make a revision: 16 hexadecimal digits. */
    private static final int REVISION_BYTES = 8;
    private static final int FINGERPRINT_BYTES = 2 * Long.BYTES;

    private final MessageDigest digest = sha256();
    // Rules set the same for most things, mostly the default.
    private final LastText<Timeouts> timeouts = new LastText<>(Timeouts::toString);
    private final LastText<Sockets> sockets = new LastText<>(Sockets::toString);
    private final LastText<SourceFilter> sources = new LastText<>(SourceFilter::toString);
    private final LastText<Datagrams> datagrams = new LastText<>(Datagrams::toString);
    private final LastText<Governance> governance = new LastText<>(RuleIds::text);
    private final LastText<HealthPolicy> health = new LastText<>(RuleIds::text);

    /** Makes fingerprints; confined to one thread. */
    RuleIds() {
    }

    /**
     * The first half of the SHA-256 hash of everything a rule sets: equal for equal rules. It is far longer than a revision, so that the
     * revision is as good as one over the rules themselves.
     *
     * @param first its first eight bytes
     * @param second the eight bytes after them
     */
    record Fingerprint(long first, long second) {
    }

    /** Makes the text of a value, once for equal ones that follow each other. Confined to one thread. */
    private static final class LastText<T> {
        private final Function<T, String> text;
        private Optional<T> value = Optional.empty();
        private String last = "";

        LastText(Function<T, String> text) {
            this.text = text;
        }

        String of(T next) {
            if (value.isEmpty() || !value.get().equals(next)) {
                value = Optional.of(next);
                last = text.apply(next);
            }
            return last;
        }
    }

    /** The first eight bytes, little-endian, of the BLAKE3 hash of the name in UTF-8. */
    static long id(String name) {
        return ByteBuffer.wrap(Blake3.hash(name.getBytes(StandardCharsets.UTF_8))).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** Hexadecimal digits of the SHA-256 hash of the fingerprints of rules, in their order. */
    static String revision(List<Fingerprint> rules) {
        ByteBuffer bytes = ByteBuffer.allocate(rules.size() * FINGERPRINT_BYTES);
        rules.forEach(rule -> bytes.putLong(rule.first()).putLong(rule.second()));
        return HexFormat.of().formatHex(sha256().digest(bytes.array()), 0, REVISION_BYTES);
    }

    /** Of everything a rule sets. */
    Fingerprint fingerprint(Rule rule) {
        add(rule);
        ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
        return new Fingerprint(bytes.getLong(), bytes.getLong());
    }

    private void add(Rule rule) {
        add(rule.name());
        add(rule.description());
        add(Boolean.toString(rule.enabled()));
        add(rule.bind().map(a -> a.getHostAddress()).orElse(""));
        add(rule.listen().toString());
        add(rule.match());
        add(rule.targets());
        // Records of numbers, times and addresses have all of themselves in their texts, whatever becomes part of them.
        add(timeouts.of(rule.timeouts()));
        add(sockets.of(rule.sockets()));
        add(rule.proxyTrust().map(ProxyTrust::toString).orElse(""));
        add(rule.protocols().code());
        add(datagrams.of(rule.datagrams()));
        add(governance.of(rule.governance()));
    }

    private static String text(Governance governance) {
        // A map has no order of its own either.
        Map<String, String> policies = new TreeMap<>();
        governance.policies().forEach((kind, settings) -> {
            Map<String, String> values = new TreeMap<>();
            settings.values().forEach((key, value) -> values.put(key, value.getClass().getSimpleName() + " " + value));
            policies.put(kind, values.toString());
        });
        return governance.owner() + " " + new TreeMap<>(governance.labels()) + " " + policies;
    }

    private void add(Match match) {
        add(match.kind().orElse(""));
        add(match.name().map(HostPattern::toString).orElse(""));
        add(match.alpn());
        add(sources.of(match.sources()));
        add(match.silence().toString());
    }

    private void add(TargetGroup group) {
        add(Integer.toString(group.targets().size()));
        group.targets().forEach(this::add);
        add(group.pick() + " " + group.preferIpv6() + " " + group.allDown() + " " + group.closeOnDown() + " " + group.slowStart());
        add(health.of(group.health()));
        group.health().probe().ifPresentOrElse(this::add, () -> add(""));
    }

    private void add(Target target) {
        add(target.address().toString());
        add(target.priority() + " " + target.weight() + " " + target.maxConnections() + " " + target.drained());
        add(target.proxy().map(RuleIds::text).orElse(""));
    }

    private static String text(ProxyHeader header) {
        // A set has no order of its own that would be the same in another process.
        return header.version() + " " + new TreeSet<>(header.tlvs()) + " " + header.passOn();
    }

    private static String text(HealthPolicy health) {
        return health.failures() + " " + health.window() + " " + health.successes() + " " + health.ejection() + " " + health.maxEjection()
            + health.silence().map(its -> " " + its.percent() + " " + its.sessions() + " " + its.after()).orElse("");
    }

    private void add(Probe probe) {
        add(probe.interval() + " " + probe.timeout() + " " + probe.rise() + " " + probe.fall() + " " + probe.port() + " " + probe.local());
        add(switch (probe.ask()) {
            case Ask.Tcp tcp -> List.of("tcp");
            case Ask.Tls tls -> List.of("tls", tls.name());
            case Ask.Http http -> List.of("http", http.host(), http.path(), http.statuses().toString());
            case Ask.Talk talk -> List.of("talk", talk.send(), talk.expect());
            case Ask.Datagram datagram -> List.of("udp", datagram.send(), datagram.expect());
            case Ask.Dns dns -> List.of("dns", dns.name());
        });
    }

    private void add(List<String> fields) {
        add(Integer.toString(fields.size()));
        fields.forEach(this::add);
    }

    private void add(String field) {
        byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
        // The length in front keeps two fields from being read as other two with the same bytes.
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }
}
