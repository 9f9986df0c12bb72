// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.TargetView;
import io.portunus.flow.memory.MemoryLoop;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.TargetRequest;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.flow.spi.TargetSelection.Failure;
import io.portunus.model.ForwardingTable;
import io.portunus.model.HealthPolicy;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import io.portunus.model.TargetGroup.AllDown;
import io.portunus.model.TargetGroup.Pick;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Targets in a time that the test moves, and flows that only search. Confined to one thread. */
final class World {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    long now = 7_000_000;
    final Random random = new Random(5);
    /** What happens, once, while a picker draws: other flows have threads of their own. */
    Runnable meanwhile = World::nothing;
    final Environment environment = new Environment(() -> START.plusNanos(now), () -> now, this::chance, Runnable::run);
    final Targets targets = new Targets(environment);

    private Random chance() {
        Runnable once = meanwhile;
        meanwhile = World::nothing;
        once.run();
        return random;
    }

    private static void nothing() {
        // The usual.
    }

    static Target target(String address) {
        return Target.of(TargetAddress.parse(address));
    }

    static Target ranked(String address, int priority) {
        return new Target(TargetAddress.parse(address), priority, 1, 0, Optional.empty(), false);
    }

    static Target weighted(String address, int weight) {
        return new Target(TargetAddress.parse(address), 0, weight, 0, Optional.empty(), false);
    }

    static Target limited(String address, int most) {
        return limited(address, 0, most);
    }

    static Target limited(String address, int priority, int most) {
        return new Target(TargetAddress.parse(address), priority, 1, most, Optional.empty(), false);
    }

    static TargetGroup group(Pick pick, Target... targets) {
        return new TargetGroup(List.of(targets), pick, false, HealthPolicy.DEFAULT, AllDown.OPEN, false, Duration.ZERO);
    }

    static TargetGroup closed(TargetGroup its) {
        return new TargetGroup(its.targets(), its.pick(), its.preferIpv6(), its.health(), AllDown.CLOSED, its.closeOnDown(), its.slowStart());
    }

    static TargetGroup closingOnDown(TargetGroup its) {
        return new TargetGroup(its.targets(), its.pick(), its.preferIpv6(), its.health(), its.allDown(), true, its.slowStart());
    }

    static TargetGroup slow(TargetGroup its, Duration slowStart) {
        return new TargetGroup(its.targets(), its.pick(), its.preferIpv6(), its.health(), its.allDown(), its.closeOnDown(), slowStart);
    }

    static TargetGroup healthy(TargetGroup its, HealthPolicy policy) {
        return new TargetGroup(its.targets(), its.pick(), its.preferIpv6(), policy, its.allDown(), its.closeOnDown(), its.slowStart());
    }

    static Rule rule(long id, TargetGroup group) {
        return Rule.of(id, "rule-" + id, List.of(PortRange.of((int) (8000 + id))), Match.ANY, group.targets().getFirst().address())
            .withTargets(group);
    }

    static ForwardingTable table(Rule... rules) {
        return ForwardingTable.compile(new RuleSet("r", List.of(rules)));
    }

    /** Puts one rule in force. */
    Rule apply(TargetGroup group) {
        Rule rule = rule(1, group);
        targets.applied(table(rule));
        return rule;
    }

    void pass(Duration time) {
        now += time.toNanos();
    }

    Search search(Rule rule) {
        return search(rule, "198.51.100.1");
    }

    Search search(Rule rule, String client) {
        return new Search(targets, new Route(rule, Route.MatchedBy.PLAIN, rule.targetsFor(rule.listen().getFirst().first())), client);
    }

    /** A flow that connects to whatever it gets first and stays. */
    Search connect(Rule rule) {
        Search search = search(rule);
        search.next();
        search.connected();
        return search;
    }

    /** Where a flow would go, in order, when nothing answers; it reports nothing of what it met and leaves. */
    List<String> order(Rule rule) {
        return order(rule, "198.51.100.1");
    }

    List<String> order(Rule rule, String client) {
        Search search = search(rule, client);
        List<String> met = new ArrayList<>();
        while (search.next()) {
            met.add(search.target());
        }
        search.selection.release();
        return met;
    }

    /** Lets flows try until the target has failed. */
    void fail(Rule rule, String target) {
        for (int flow = 0; flow < 1000 && view(target).state() != TargetView.State.FAILED; flow++) {
            Search search = search(rule, "203.0.113." + flow % 250);
            boolean more = search.next();
            while (more && !search.target().equals(target)) {
                more = search.next();
            }
            if (more) {
                search.selection.failed(Failure.REFUSED);
            }
            search.selection.release();
        }
    }

    TargetView view(String target) {
        return targets.targets().stream().filter(view -> view.target().equals(target)).findFirst().orElseThrow();
    }

    TargetView.State state(String target) {
        return view(target).state();
    }

    /** One flow's search. */
    static final class Search implements TargetSelection.Answer {
        final TargetSelection selection;
        final List<CloseReason> ended = new ArrayList<>();
        Optional<Target> found = Optional.empty();
        List<InetSocketAddress> endpoints = List.of();
        Optional<CloseReason> none = Optional.empty();
        Cancellable call = () -> { };

        Search(Targets targets, Route route, String client) {
            selection = targets.begin(new TargetRequest(route, Prelude.NONE, InetAddress.ofLiteral(client), new MemoryLoop()), ended::add);
        }

        boolean next() {
            found = Optional.empty();
            none = Optional.empty();
            call = selection.next(this);
            return found.isPresent();
        }

        String target() {
            return found.orElseThrow().toString();
        }

        void connected() {
            selection.connected(endpoints.getFirst(), Duration.ofMillis(1));
        }

        @Override
        public void found(Target target, List<InetSocketAddress> its) {
            found = Optional.of(target);
            endpoints = its;
        }

        @Override
        public void none(CloseReason reason) {
            none = Optional.of(reason);
        }
    }

    static <T> List<T> times(int times, Supplier<T> each) {
        return Stream.generate(each).limit(times).toList();
    }
}
