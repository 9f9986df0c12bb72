// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.ALWAYS;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portunus.model.Cidr;
import io.portunus.model.Datagrams;
import io.portunus.model.IpLiterals;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Probe;
import io.portunus.model.Problem;
import io.portunus.model.Protocol;
import io.portunus.model.Rule;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import io.portunus.model.Timeouts;
import io.portunus.node.api.RuleStatus;
import io.portunus.node.api.RuleTimes;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A rule as a resource shows it. The members up to {@code targets} are the predecessor's, in its shape and order: {@code id} is a number without
 * a sign of 64 bits, {@code target_*} are the first target's, which a service has none of; node and owner are those of its metrics. What
 * follows is ours: {@code rule_id} is the same id as text, for readers whose numbers hold less.
 */
record RuleBody(String clientId, String clientName, Optional<Instant> createdAt, Optional<Long> healthCheckIntervalSecs, BigInteger id,
        Optional<Instant> lastStateChangeAt, int listenPort, Optional<Integer> listenPortEnd, String ownerUserId, boolean preferIpv6,
        String protocol, Optional<String> sniPattern, StateBody state, Optional<String> targetHost, Optional<Integer> targetPort,
        Optional<Integer> targetPortEnd, List<TargetBody> targets, String ruleId, String name, String description, boolean enabled,
        Optional<String> bind, List<String> listen, MatchBody match, String pick, String allDown, TimeoutsBody timeouts, Optional<String> source,
        Optional<String> transport, List<String> acceptProxy, long drainSecs, List<ProblemBody> problems, Optional<String> owner,
        Map<String, String> labels, Map<String, Map<String, Object>> policies, Optional<Integer> udpMaxFlows,
        Optional<Long> udpFlowIdleSecs, Optional<UdpBody> udp) {

    static RuleBody of(String client, RuleStatus status, Optional<RuleTimes> times) {
        Rule rule = status.rule();
        TargetGroup group = rule.targets();
        PortRange first = rule.listen().getFirst();
        TargetBody target = TargetBody.of(group.targets().getFirst());
        return new RuleBody(client, client, times.map(RuleTimes::createdAt),
            group.health().probe().map(Probe::interval).map(interval -> Math.max(1, interval.toSeconds())), new BigInteger(rule.idText()),
            times.map(RuleTimes::stateSince), first.first(), end(first), "", group.preferIpv6(), rule.protocols().code(),
            rule.sni().map(Object::toString),
            StateBody.of(status), target.host(), target.port(), target.portEnd(), group.targets().stream().map(TargetBody::of).toList(),
            rule.idText(), rule.name(), rule.description(), rule.enabled(), rule.bind().map(IpLiterals::text),
            rule.listen().stream().map(PortRange::toString).toList(), MatchBody.of(rule.match()), group.pick().text(), group.allDown().text(),
            TimeoutsBody.of(rule.timeouts()), rule.sockets().source().map(IpLiterals::text), rule.sockets().transport(),
            rule.proxyTrust().map(trust -> texts(trust.sources())).orElse(List.of()), rule.drain().toSeconds(), ProblemBody.of(status.problems()),
            rule.governance().owner(), rule.governance().labels(), policies(rule),
            datagrams(rule).map(its -> its.caps().sessions()), datagrams(rule).map(its -> its.idle().toSeconds()),
            datagrams(rule).map(UdpBody::of));
    }

    private static Optional<Datagrams> datagrams(Rule rule) {
        return rule.protocols().has(Protocol.UDP) ? Optional.of(rule.datagrams()) : Optional.empty();
    }

    /** What a rule sets for policies, by their kinds. */
    static Map<String, Map<String, Object>> policies(Rule rule) {
        Map<String, Map<String, Object>> policies = new TreeMap<>();
        rule.governance().policies().forEach((kind, settings) -> policies.put(kind, new TreeMap<>(settings.values())));
        return policies;
    }

    private static Optional<Integer> end(PortRange range) {
        return range.width() == 1 ? Optional.empty() : Optional.of(range.last());
    }

    private static List<String> texts(List<Cidr> blocks) {
        return blocks.stream().map(Cidr::toString).toList();
    }

    /** Empty when every connection will do. */
    record MatchBody(Optional<String> kind, Optional<String> sni, Optional<String> name, Optional<List<String>> alpn,
            Optional<List<String>> allow, Optional<List<String>> deny) {
        static MatchBody of(Match match) {
            return new MatchBody(match.kind(), match.sni().map(Object::toString), match.name().map(Object::toString), some(match.alpn()),
                some(texts(match.sources().allow())), some(texts(match.sources().deny())));
        }

        private static Optional<List<String>> some(List<String> texts) {
            return texts.isEmpty() ? Optional.empty() : Optional.of(texts);
        }
    }

    /**
     * A target as the rule has it; the first five members are the predecessor's. What became of it is in {@code /v1/targets}, so
     * {@code health} is null, as there for a target that nothing is known of.
     */
    record TargetBody(@JsonInclude(ALWAYS) Optional<String> health, Optional<String> host, Optional<Integer> port, int priority,
            @JsonInclude(ALWAYS) Optional<String> proxyProtocol, Optional<Integer> portEnd, Optional<String> srv, int weight,
            Optional<Integer> maxConnections, boolean drain) {
        static TargetBody of(Target target) {
            Optional<TargetAddress.Host> host = target.address() instanceof TargetAddress.Host its ? Optional.of(its) : Optional.empty();
            return new TargetBody(Optional.empty(), host.map(TargetAddress.Host::host).map(TargetBody::bracketed),
                host.map(its -> its.ports().first()), target.priority(),
                target.proxy().map(header -> header.version().name().toLowerCase(Locale.ROOT)), host.flatMap(its -> end(its.ports())),
                host.isPresent() ? Optional.empty() : Optional.of(target.address().name()), target.weight(),
                Optional.of(target.maxConnections()).filter(most -> most > 0), target.drained());
        }

        private static String bracketed(String host) {
            return host.indexOf(':') < 0 ? host : "[" + host + "]";
        }
    }

    /** What the table {@code udp} comes to, its preset worked in; without what has no limit. */
    record UdpBody(String mode, Optional<Integer> responses, Optional<Integer> maxPerSource, String evict, Optional<Integer> amplification) {
        static UdpBody of(Datagrams its) {
            return new UdpBody(its.mode().text(), Optional.of(its.responses()).filter(any -> its.mode() == Datagrams.Mode.RESPONSES),
                Optional.of(its.caps().perSource()).filter(most -> most > 0), its.caps().evicts() ? "oldest_idle" : "none",
                Optional.of(its.amplification()).filter(most -> most > 0));
        }
    }

    /** In milliseconds; 0 is no limit. */
    record TimeoutsBody(long peekMs, long connectAttemptMs, long connectMs, long idleMs, long halfClosedMs, long lifetimeMs) {
        static TimeoutsBody of(Timeouts timeouts) {
            return new TimeoutsBody(timeouts.peek().toMillis(), timeouts.connectAttempt().toMillis(), timeouts.connect().toMillis(),
                timeouts.idle().toMillis(), timeouts.halfClosed().toMillis(), timeouts.lifetime().toMillis());
        }
    }

    /** State as the predecessor has it: a kind, and for a failure the code of its first problem. */
    record StateBody(String kind, Optional<String> reason) {
        static StateBody of(RuleStatus status) {
            Optional<Problem> first = status.problems().stream().findFirst();
            return new StateBody(status.state().name().toLowerCase(Locale.ROOT), first.map(p -> p.code().code()));
        }
    }
}
