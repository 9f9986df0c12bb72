// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.RuleStatus;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code GET /v1/rules}: the rules in force, each with its state. */
final class RulesResource implements Resource {
    private final Parts parts;

    RulesResource(Parts parts) {
        this.parts = parts;
    }

    @Override
    public String template() {
        return "/v1/rules";
    }

    @Override
    public Reply handle(Request request) {
        RuleCatalog catalog = parts.catalog().orElseThrow(() -> Parts.missing("rules"));
        return Reply.json(new RulesBody(catalog.current().map(RuleSet::revision), catalog.statuses().stream().map(RuleBody::of).toList()));
    }

    private record RulesBody(Optional<String> revision, List<RuleBody> rules) {
    }

    /** The id is text: it is unsigned and has 64 bits, more than a number of JavaScript holds. */
    private record RuleBody(String ruleId, String name, String description, boolean enabled, Optional<String> bind, int listenPort,
            Optional<Integer> listenPortEnd, List<String> listen, String protocol, Optional<String> sniPattern, MatchBody match,
            String targetHost, int targetPort, Optional<Integer> targetPortEnd, boolean preferIpv6, long drainSecs, StateBody state,
            List<ProblemBody> problems) {
        static RuleBody of(RuleStatus status) {
            Rule rule = status.rule();
            PortRange first = rule.listen().getFirst();
            PortRange target = rule.target().ports();
            return new RuleBody(rule.idText(), rule.name(), rule.description(), rule.enabled(), rule.bind().map(InetAddress::getHostAddress),
                first.first(), end(first), rule.listen().stream().map(PortRange::toString).toList(), "tcp",
                rule.sni().map(Object::toString), MatchBody.of(rule.match()), rule.target().host(), target.first(), end(target),
                rule.preferIpv6(), rule.drain().toSeconds(), StateBody.of(status), ProblemBody.of(status.problems()));
        }

        private static Optional<Integer> end(PortRange range) {
            return range.width() == 1 ? Optional.empty() : Optional.of(range.last());
        }
    }

    /** Empty when every connection will do. */
    private record MatchBody(Optional<String> kind, Optional<String> sni) {
        static MatchBody of(Match match) {
            return new MatchBody(match.kind(), match.sni().map(Object::toString));
        }
    }

    /** State as the predecessor has it: a kind, and for a failure the code of its first problem. */
    private record StateBody(String kind, Optional<String> reason) {
        static StateBody of(RuleStatus status) {
            Optional<Problem> first = status.problems().stream().findFirst();
            return new StateBody(status.state().name().toLowerCase(Locale.ROOT), first.map(p -> p.code().code()));
        }
    }
}
