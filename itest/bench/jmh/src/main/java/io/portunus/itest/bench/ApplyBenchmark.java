// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.bench;

import io.portunus.flow.engine.EngineInMemory;
import io.portunus.flow.target.TargetsComponent;
import io.portunus.model.HostPattern;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import io.portunus.node.api.Publication;
import io.portunus.rules.core.CoreRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A whole publish of a set that differs in one rule from the one in force: difference, checks, table, engine, targets, events. The rules
 * that stay are the same objects, as the reader of the file hands them over; sockets are in memory.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class ApplyBenchmark {
    private static final int FIRST_PORT = 20_000;

    /**
     * What differs: {@code target} of a name, a {@code name} that comes and goes by turns, all on one listener; {@code port}: the target of
     * a rule that has a listener of its own, as all have.
     */
    @Param({"target", "name", "port"})
    public String edit;

    /** Rules of the set. */
    @Param({"1", "100", "10000"})
    public int rules;

    private final CoreRules core = new CoreRules(EngineInMemory.of(new TickingLoop(), new TargetsComponent()));
    private final RuleSet[] sets = new RuleSet[2];
    private int turn;

    /** Makes both sets and puts the first in force. */
    @Setup
    public void prepare() {
        List<Rule> first = new ArrayList<>(IntStream.range(0, rules).mapToObj(this::rule).toList());
        List<Rule> second = new ArrayList<>(first);
        int place = rules / 2;
        if (edit.equals("name")) {
            second.add(place, rule(rules));
        } else {
            second.set(place, first.get(place).withTargets(TargetGroup.of(TargetAddress.parse("127.0.0.2:1"))));
        }
        sets[1] = new RuleSet("first", first);
        sets[0] = new RuleSet("second", second);
        List<Problem> problems = core.publish("bench", sets[1]).problems();
        if (!problems.isEmpty()) {
            throw new AssertionError(problems);
        }
    }

    /** Publishes the set that is not in force. */
    @Benchmark
    public Publication applyOne() {
        return core.publish("bench", sets[turn++ & 1]);
    }

    private Rule rule(int i) {
        TargetAddress target = TargetAddress.parse("127.0.0.1:1");
        return edit.equals("port") ? Rule.of(i, "rule-" + i, List.of(PortRange.of(FIRST_PORT + i)), Match.ANY, target)
            : Rule.of(i, "rule-" + i, List.of(PortRange.of(443)),
                Match.ofName("tls", HostPattern.parse(String.format(Locale.ROOT, "host-%05d.example.com", i))), target);
    }
}
