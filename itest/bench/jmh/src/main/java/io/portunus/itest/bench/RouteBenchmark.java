// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.bench;

import io.portunus.model.Decision;
import io.portunus.model.ForwardingTable;
import io.portunus.model.HostPattern;
import io.portunus.model.Listener;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Prelude;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetAddress;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Where a name goes, among few and many on one listener; and what it costs to make the table. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class RouteBenchmark {
    private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();
    private static final int PORT = 443;
    /** A power of two: as many names are asked for in turn. Their strings keep their hash, so {@link #exactFromWire} measures the rest. */
    private static final int ASKED = 1024;

    /** Names on the listener. */
    @Param({"1", "100", "10000"})
    public int names;

    private RuleSet rules = new RuleSet("", List.of());
    private Listener listener = listener(rule(0));
    private Prelude[] asked = {};
    private byte[][] wire = {};
    private Prelude[] byWildcard = {};
    private Prelude[] unknown = {};
    private int turn;

    /** Compiles the table. */
    @Setup
    public void prepare() {
        List<Rule> all = IntStream.range(0, names).mapToObj(RouteBenchmark::rule).toList();
        rules = new RuleSet("", all);
        listener = listener(all.toArray(Rule[]::new));
        asked = preludes("host-%05d.example.com");
        wire = Stream.of(asked).map(p -> p.serverName().orElseThrow().getBytes(StandardCharsets.ISO_8859_1)).toArray(byte[][]::new);
        byWildcard = preludes("any.wild-%05d.example.com");
        unknown = preludes("nobody-%05d.example.com");
    }

    /** Asks for exact names that are there. */
    @Benchmark
    public Decision exact() {
        return listener.route(asked[turn++ & ASKED - 1], CLIENT);
    }

    /** The same with a name that was just read: its string and prelude are made, and its hash is computed. */
    @Benchmark
    public Decision exactFromWire() {
        return listener.route(Prelude.tls(new String(wire[turn++ & ASKED - 1], StandardCharsets.ISO_8859_1)), CLIENT);
    }

    /** Asks for names below a parent that is not there: two probes of the tables. */
    @Benchmark
    public Decision belowUnknownParent() {
        return listener.route(byWildcard[turn++ & ASKED - 1], CLIENT);
    }

    /** Asks for names that are not there. */
    @Benchmark
    public Decision unknown() {
        return listener.route(unknown[turn++ & ASKED - 1], CLIENT);
    }

    /** Makes the whole table, as a start does, or a change of many rules; of a change of one see {@link ApplyBenchmark}. */
    @Benchmark
    public ForwardingTable compile() {
        return ForwardingTable.compile(rules);
    }

    private Prelude[] preludes(String format) {
        return IntStream.range(0, ASKED).mapToObj(i -> Prelude.tls(name(format, (int) (i * 7919L % names)))).toArray(Prelude[]::new);
    }

    private static String name(String format, int i) {
        return String.format(Locale.ROOT, format, i);
    }

    private static Rule rule(int i) {
        Match match = Match.ofSni(Optional.of(HostPattern.parse(name("host-%05d.example.com", i))));
        return Rule.of(i, "rule-" + i, List.of(PortRange.of(PORT)), match, TargetAddress.parse("127.0.0.1:1"));
    }

    private static Listener listener(Rule... rules) {
        return ForwardingTable.compile(new RuleSet("", List.of(rules))).listeners().iterator().next();
    }
}
