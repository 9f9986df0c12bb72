// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.RefusedException;
import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.TargetOutlook;
import io.portunus.model.Decision;
import io.portunus.model.Explanation;
import io.portunus.model.ForwardingTable;
import io.portunus.model.HostPattern;
import io.portunus.model.Hostnames;
import io.portunus.model.IpLiterals;
import io.portunus.model.ListenKey;
import io.portunus.model.Listener;
import io.portunus.model.Match;
import io.portunus.model.Offer;
import io.portunus.model.PortRange;
import io.portunus.model.Prelude;
import io.portunus.model.ProblemCode;
import io.portunus.model.Protocol;
import io.portunus.model.Route;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code GET /v1/explain}: where a connection would go and why, by the function the engine itself calls. Without {@code sni} the
 * connection is TLS that names no host; {@code kind} makes it another protocol, {@code alpn} has it offer application protocols, and
 * {@code plain=true} makes it one that nobody recognises. With {@code protocol=udp} it is a
 * datagram. Without {@code source} it comes from this node itself.
 */
final class ExplainResource implements Resource {
    private final Parts parts;

    ExplainResource(Parts parts) {
        this.parts = parts;
    }

    @Override
    public String template() {
        return "/v1/explain";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.RULES_READ);
    }

    @Override
    public Set<String> parameters() {
        return Set.of("port", "protocol", "sni", "source", "bind", "kind", "alpn", "plain");
    }

    @Override
    public Reply handle(Request request) {
        int port = request.number("port", 1, PortRange.MAX_PORT)
            .orElseThrow(() -> RefusedException.parameter(ProblemCode.MISSING_KEY.code(), "port", "Say which port the connection comes to."));
        Optional<InetAddress> bind = address(request, "bind");
        Optional<InetAddress> source = address(request, "source");
        Protocol protocol = protocol(request);
        Prelude prelude = prelude(request, protocol);
        ForwardingEngine engine = parts.engine().orElseThrow(() -> Parts.missing("forwarding"));
        ForwardingTable table = engine.table();
        InetAddress client = source.orElseGet(InetAddress::getLoopbackAddress);
        Optional<Listener> whole = table.listenerFor(protocol, bind, port, client);
        Set<Offer> missing = engine.unserved();
        Optional<Listener> listener = whole.map(its -> its.without(Offer.recognised(missing, protocol)));
        Explanation explanation = Explanation.of(table, listener, new ListenKey(protocol, bind, port), prelude, client)
            .without(Offer.policies(missing));
        Optional<TargetOutlook> outlook = explanation.decision() instanceof Decision.Routed routed
            ? engine.outlook(routed.route(), client) : Optional.empty();
        Asked asked = new Asked(port, protocol.code(), prelude.kind().isEmpty() ? "plain" : prelude.kind(), prelude.serverName(), prelude.alpn(),
            source.map(IpLiterals::text), bind.map(IpLiterals::text));
        return Json.reply(ExplainBody.of(asked, listener, explanation, outlook,
            whole.map(its -> engine.servedBy(its, client)).orElse(Map.of())));
    }

    private static Optional<InetAddress> address(Request request, String name) {
        return request.parameter(name).map(text -> IpLiterals.parse(text)
            .orElseThrow(() -> RefusedException.parameter(ProblemCode.INVALID_VALUE.code(), name, name + " is an IP address.")));
    }

    private static Protocol protocol(Request request) {
        return request.parameter("protocol").map(text -> Protocol.of(text).orElseThrow(() ->
            RefusedException.parameter(ProblemCode.INVALID_VALUE.code(), "protocol", "protocol is tcp or udp."))).orElse(Protocol.TCP);
    }

    private static Prelude prelude(Request request, Protocol protocol) {
        Optional<String> name = request.parameter("sni").map(ExplainResource::serverName);
        Optional<String> kind = request.parameter("kind");
        boolean plain = request.flag("plain");
        if (plain && (name.isPresent() || kind.isPresent())) {
            throw RefusedException.parameter(ProblemCode.CONFLICTING_KEYS.code(), "plain",
                "A plain connection is of no kind and names no host; give plain, or sni or kind.");
        }
        if (kind.filter(k -> !Match.isKind(k)).isPresent()) {
            throw RefusedException.parameter(ProblemCode.INVALID_VALUE.code(), "kind",
                "kind is a protocol: at most " + Match.MAX_KIND + " lower-case letters, digits and dashes, a letter first.");
        }
        List<String> alpn = request.parameter("alpn").map(text -> List.of(text.split(",", Match.MAX_ALPN))).orElse(List.of());
        // A client of UDP of which nothing is said may be anyone's; one of TCP is taken for one of TLS, as ever.
        boolean nothing = protocol == Protocol.UDP && name.isEmpty() && kind.isEmpty() && alpn.isEmpty();
        return plain || nothing ? Prelude.NONE : new Prelude(kind.orElse(protocol.helloKind()), name, alpn, false);
    }

    /** The name as routing sees it: lower case, no trailing dot. */
    private static String serverName(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        boolean printable = name.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (name.isEmpty() || name.length() > HostPattern.MAX_NAME || !printable) {
            throw RefusedException.parameter(ProblemCode.INVALID_VALUE.code(), "sni", "sni is a host name of 1 to 253 ASCII characters"
                + Hostnames.hint(name) + ".");
        }
        return name;
    }

    private record Asked(int port, String protocol, String kind, Optional<String> sni, List<String> alpn, Optional<String> source,
            Optional<String> bind) {
    }

    private record ExplainBody(Asked connection, String decision, Optional<String> reason, Optional<String> listener, Optional<String> rule,
            Optional<String> ruleId, Optional<String> match, Optional<String> target, Optional<NowBody> now,
            Map<String, Map<String, Object>> limitedBy, Map<String, String> servedBy, List<CandidateBody> candidates) {
        static ExplainBody of(Asked asked, Optional<Listener> listener, Explanation explanation, Optional<TargetOutlook> outlook,
                Map<String, String> servedBy) {
            Optional<Route> route = explanation.decision() instanceof Decision.Routed r ? Optional.of(r.route()) : Optional.empty();
            Optional<String> refusal = explanation.decision() instanceof Decision.Refused r ? Optional.of(r.reason().code()) : Optional.empty();
            return new ExplainBody(asked, route.isPresent() ? "routed" : "refused", refusal, listener.map(l -> l.key().toString()),
                route.map(r -> r.rule().name()), route.map(r -> r.rule().idText()), route.map(r -> lower(r.match())),
                route.map(Route::targetText), route.flatMap(r -> outlook.map(its -> NowBody.of(r, its))),
                route.map(r -> RuleBody.policies(r.rule())).orElse(Map.of()), servedBy,
                explanation.candidates().stream().map(CandidateBody::of).toList());
        }

        private static String lower(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
    }

    /** The targets that the connection may get now: all those that {@code pick} chooses from, none if each is drained, full or failed. */
    private record NowBody(List<String> targets, String pick, boolean lastResort) {
        static NowBody of(Route route, TargetOutlook outlook) {
            return new NowBody(outlook.targets(), route.rule().targets().pick().text(), outlook.lastResort());
        }
    }

    private record CandidateBody(String rule, String ruleId, boolean chosen, String reason) {
        static CandidateBody of(Explanation.Candidate candidate) {
            return new CandidateBody(candidate.rule().name(), candidate.rule().idText(), candidate.chosen(), candidate.reason());
        }
    }
}
