// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.ListenerView;
import io.portunus.model.ListenKey;
import io.portunus.model.PortRange;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.node.api.Publication;
import io.portunus.node.api.Publication.Answer;
import io.portunus.node.api.Publication.Why;
import io.portunus.node.api.RulePublisher;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A publisher and the engine behind it, without sockets: what is published, and ports that cannot be bound. Thread-safe. */
final class FakeEngine implements RulePublisher {
    private final List<RuleSet> published = new ArrayList<>();
    private final Set<Integer> refused = new TreeSet<>();
    private final List<Duration> drains = new ArrayList<>();
    private List<ListenerView> listeners = List.of();
    private Runnable onPublish = () -> { };

    /** What was published, in order. */
    synchronized List<RuleSet> published() {
        return List.copyOf(published);
    }

    /** How long the engine was to drain. */
    synchronized List<Duration> drains() {
        return List.copyOf(drains);
    }

    /** Ports that cannot be bound from now on. */
    synchronized void refuse(Set<Integer> ports) {
        refused.clear();
        refused.addAll(ports);
    }

    /** What is done at each publication, before anything else. */
    synchronized void onPublish(Runnable action) {
        onPublish = action;
    }

    @Override
    public Publication publish(String source, RuleSet rules) {
        action().run();
        return take(rules);
    }

    @Override
    public Optional<Publication> publishLast(String source, Problem why) {
        return Optional.empty();
    }

    private synchronized Runnable action() {
        return onPublish;
    }

    private synchronized Publication take(RuleSet rules) {
        published.add(rules);
        listeners = rules.rules().stream().flatMap(FakeEngine::keys).distinct().map(key -> new ListenerView(key, List.of(), "fake",
            refused.contains(key.port()) ? Optional.of(Problem.ofListener(ProblemCode.PORT_IN_USE, key, "taken")) : Optional.empty(),
            Instant.EPOCH)).toList();
        return new Publication(List.of(), listeners.stream()
            .flatMap(l -> l.problem().stream().map(p -> new Answer("", Why.UNBOUND, p, Optional.of(l.key())))).toList());
    }

    private static Stream<ListenKey> keys(Rule rule) {
        return rule.listen().stream().flatMapToInt(PortRange::ports).mapToObj(port -> ListenKey.tcp(rule.bind(), port));
    }

    private synchronized List<ListenerView> listeners() {
        return listeners;
    }

    private synchronized int drain(Duration atMost) {
        drains.add(atMost);
        return 0;
    }

    ForwardingEngine engine() {
        Class<ForwardingEngine> type = ForwardingEngine.class;
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) ->
            switch (method.getName()) {
                case "listeners" -> listeners();
                case "unbound" -> listeners().stream().flatMap(listener -> listener.problem().stream()).toList();
                case "unserved" -> Set.of();
                case "drain" -> drain((Duration) arguments[0]);
                default -> throw new AssertionError(method);
            }));
    }
}
