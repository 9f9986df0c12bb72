// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.ListenerView;
import io.portunus.flow.api.VersionPin;
import io.portunus.model.ForwardingTable;
import io.portunus.model.ListenKey;
import io.portunus.model.Listener;
import io.portunus.model.Problem;
import io.portunus.model.Protocol;
import io.portunus.model.Rule;
import io.portunus.model.RuleDifference;
import io.portunus.model.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An engine that is given changes is as one that is given the last set alone. */
class EngineChangesTest extends EngineSetup {
    private ForwardingTable table = ForwardingTable.EMPTY;

    private List<Problem> change(List<Rule> rules) {
        table = table.with(RuleDifference.between(table.rules(), new RuleSet("n", rules)));
        return engine.apply(table);
    }

    @Test
    void listenersOfOtherRulesAreLeftAlone() {
        List<Rule> rules = new ArrayList<>(IntStream.range(0, 50).mapToObj(i -> rule("r" + i, 1000 + i, "")).toList());
        change(rules);
        List<Listener> before = List.copyOf(engine.table().listeners());
        int binds = transport.binds;

        rules.set(20, rule("r20", 1020, "a.test"));
        rules.remove(7);
        rules.add(30, rule("new", 2000, ""));
        change(rules);

        List<Integer> others = List.of(1007, 1020, 2000);
        assertThat(engine.table().listeners()).hasSize(50).filteredOn(l -> !others.contains(l.key().port()))
            .allSatisfy(l -> assertThat(l).isSameAs(before.stream().filter(old -> old.key().equals(l.key())).findFirst().orElseThrow()));
        assertThat(transport.binds).isEqualTo(binds + 1);
        assertThat(transport.bound.keySet()).contains(2000, 1020).doesNotContain(1007);
    }

    @Test
    void randomChangesLeaveTheListenersOfTheLastSet() {
        Random random = new Random(4);
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int place = rules.isEmpty() ? 0 : random.nextInt(rules.size());
            Rule rule = rule("r" + i, 1 + random.nextInt(9), "n" + i + ".test");
            switch (rules.isEmpty() ? 0 : random.nextInt(5)) {
                case 0, 1 -> rules.add(place, rule);
                case 2 -> rules.remove(place);
                case 3 -> rules.set(place, rules.get(place).withEnabled(!rules.get(place).enabled()));
                default -> rules.add(rules.remove(place));
            }
            transport.taken.clear();
            transport.taken.add(1 + random.nextInt(30));
            List<Problem> problems = change(List.copyOf(rules));

            ForwardingTable compiled = ForwardingTable.compile(new RuleSet("n", rules));
            assertThat(engine.listeners().stream().map(ListenerView::key)).isEqualTo(compiled.listeners().stream().map(Listener::key).toList());
            for (ListenerView view : engine.listeners()) {
                List<String> names = compiled.listener(view.key()).orElseThrow().rules().stream().map(Rule::name).sorted().toList();
                assertThat(view.rules()).isEqualTo(names);
                assertThat(view.bound()).isEqualTo(transport.bound.containsKey(view.key().port()));
            }
            assertThat(transport.bound).hasSize(engine.listeners().size() - problems.size());
            assertThat(problems).isEqualTo(engine.unbound()).isEqualTo(engine.listeners().stream().flatMap(l -> l.problem().stream()).toList());
        }
    }

    @Test
    void aListenerThatCouldNotBeBoundIsTriedAgainWithTheChangeOfAnotherRule() {
        transport.taken.add(1);
        assertThat(change(List.of(rule("a", 1, ""), rule("b", 2, "")))).hasSize(1);
        transport.taken.clear();

        assertThat(change(List.of(rule("a", 1, ""), rule("b", 3, "")))).isEmpty();

        assertThat(engine.unbound()).isEmpty();
        assertThat(transport.bound).containsOnlyKeys(1, 3);
    }

    @Test
    void aPinFollowsTheRulesOfAListener() {
        comes(new Named("tls"), Post.inspector(Protocol.TCP, "tls"), "x.tls", "1.0.0");
        run(handler, "1.0.0");
        Holding newer = new Holding();
        run(newer, "2.0.0");
        engine.pins(List.of(new VersionPin(Optional.of("b"), Optional.empty(), "x.tcp", "2.0.0")));
        change(List.of(rule("a", 1, "a.test")));
        transport.connectTo(1);

        change(List.of(rule("a", 1, "a.test"), rule("b", 1, "b.test")));
        transport.connectTo(1);

        assertThat(handler.flows).hasSize(1);
        assertThat(newer.flows).hasSize(1);
        assertThat(engine.table().listener(ListenKey.tcp(Optional.empty(), 1)).orElseThrow().rules()).extracting(Rule::name)
            .containsExactly("a", "b");
    }
}
