// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.Cidr;
import io.portunus.model.IpLiterals;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Probe;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import io.portunus.model.Timeouts;
import io.portunus.node.api.RuleStatus;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A rule as a resource shows it. The id is text: it is unsigned and has 64 bits, more than a number of JavaScript holds. The fields
 * {@code target_*} are the first target's, as the predecessor has them beside {@code targets}; a service has none of them.
 */
record RuleBody(String ruleId, String name, String description, boolean enabled, Optional<String> bind, int listenPort,
        Optional<Integer> listenPortEnd, List<String> listen, String protocol, Optional<String> sniPattern, MatchBody match,
        Optional<String> targetHost, Optional<Integer> targetPort,
        Optional<Integer> targetPortEnd, boolean preferIpv6, List<TargetBody> targets, String pick,
        String allDown, Optional<Long> healthCheckIntervalSecs, TimeoutsBody timeouts, Optional<String> source, Optional<String> transport,
        List<String> acceptProxy, long drainSecs, StateBody state, List<ProblemBody> problems) {

    static RuleBody of(RuleStatus status) {
        Rule rule = status.rule();
        TargetGroup group = rule.targets();
        PortRange first = rule.listen().getFirst();
        TargetBody target = TargetBody.of(group.targets().getFirst());
        return new RuleBody(rule.idText(), rule.name(), rule.description(), rule.enabled(), rule.bind().map(IpLiterals::text),
            first.first(), end(first), rule.listen().stream().map(PortRange::toString).toList(), "tcp",
            rule.sni().map(Object::toString), MatchBody.of(rule.match()), target.host(), target.port(), target.portEnd(),
            group.preferIpv6(), group.targets().stream().map(TargetBody::of).toList(), group.pick().text(), group.allDown().text(),
            group.health().probe().map(Probe::interval).map(interval -> Math.max(1, interval.toSeconds())), TimeoutsBody.of(rule.timeouts()),
            rule.sockets().source().map(IpLiterals::text), rule.sockets().transport(),
            rule.proxyTrust().map(trust -> texts(trust.sources())).orElse(List.of()), rule.drain().toSeconds(), StateBody.of(status),
            ProblemBody.of(status.problems()));
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

    /** A target as the rule has it; what became of it is told by {@code /v1/targets}. */
    record TargetBody(Optional<String> host, Optional<Integer> port, Optional<Integer> portEnd, Optional<String> srv, int priority, int weight,
            Optional<Integer> maxConnections, Optional<String> proxyProtocol, boolean drain) {
        static TargetBody of(Target target) {
            Optional<TargetAddress.Host> host = target.address() instanceof TargetAddress.Host its ? Optional.of(its) : Optional.empty();
            return new TargetBody(host.map(TargetAddress.Host::host), host.map(its -> its.ports().first()), host.flatMap(its -> end(its.ports())),
                host.isPresent() ? Optional.empty() : Optional.of(target.address().name()), target.priority(), target.weight(),
                Optional.of(target.maxConnections()).filter(most -> most > 0),
                target.proxy().map(header -> header.version().name().toLowerCase(Locale.ROOT)), target.drained());
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
