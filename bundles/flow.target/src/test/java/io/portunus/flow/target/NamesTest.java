// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.TargetView.Resolution;
import io.portunus.flow.api.TargetView.State;
import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.TargetSelection.Failure;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Rule;
import io.portunus.model.Target;
import io.portunus.model.TargetGroup;
import io.portunus.model.TargetGroup.Pick;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NamesTest {
    private static final String A = "a.example:80";
    private static final String B = "b.example:80";

    private final World world = new World();
    private final FakeNames names = new FakeNames();

    private Rule applied(String... targets) {
        world.targets.names(names);
        return world.apply(World.group(Pick.FIRST, Arrays.stream(targets).map(World::target).toArray(Target[]::new)));
    }

    private static List<String> addresses(World.Search search) {
        return search.endpoints.stream().map(endpoint -> endpoint.getAddress().getHostAddress()).toList();
    }

    @Test
    void keepsTheNamesOfTheRulesInForce() {
        applied(A, "192.0.2.1:80", B);
        assertThat(names.kept).containsExactlyInAnyOrder("a.example", "b.example");

        world.targets.applied(ForwardingTable.EMPTY);
        assertThat(names.kept).as("they are for the version that serves to say").hasSize(2);
        applied("[2001:db8::1]:80");

        assertThat(names.kept).isEmpty();
    }

    @Test
    void notifiesAResolverThatComesLater() {
        world.apply(World.group(Pick.FIRST, World.target(A)));

        world.targets.names(names);

        assertThat(names.kept).containsExactly("a.example");
    }

    @Test
    void answersFromMemoryAtOnce() {
        names.known.put("a.example", FakeNames.of(List.of("192.0.2.7"), List.of()));
        World.Search search = world.search(applied(A));

        assertThat(search.next()).isTrue();

        assertThat(search.endpoints).containsExactly(new InetSocketAddress("192.0.2.7", 80));
        assertThat(search.target()).isEqualTo(A);
    }

    @Test
    void waitsForAnAnswerAndForNoneThatIsCalledOff() {
        Rule rule = applied(A);
        World.Search waits = world.search(rule);
        World.Search leaves = world.search(rule);
        assertThat(waits.next()).isFalse();
        leaves.next();
        leaves.call.cancel();
        leaves.call.cancel();

        NameAnswer answer = FakeNames.of(List.of("192.0.2.7"), List.of());
        names.open.forEach(open -> open.accept(answer));

        assertThat(waits.found).isPresent();
        assertThat(leaves.found).isEmpty();
        assertThat(names.cancelled).isEqualTo(1);
    }

    @Test
    void givesItsPlaceBackWhenTheFlowLeavesDuringALookUp() {
        world.targets.names(names);
        Rule rule = world.apply(World.group(Pick.FIRST, World.limited(A, 1)));
        World.Search search = world.search(rule);
        search.next();

        search.selection.release();
        names.open.forEach(open -> open.accept(FakeNames.of(List.of("192.0.2.7"), List.of())));

        assertThat(search.found).isEmpty();
        world.search(rule).next();
        assertThat(names.asked).isEqualTo(2);
    }

    @Test
    void triesTheNextTargetWhenANameFails() {
        names.known.put("a.example", FakeNames.failing(NameAnswer.Problem.NXDOMAIN));
        Rule rule = applied(A, "192.0.2.1:80");

        for (int i = 0; i < 3; i++) {
            World.Search search = world.search(rule);
            assertThat(search.next()).isTrue();
            assertThat(search.target()).isEqualTo("192.0.2.1:80");
            search.selection.release();
        }

        assertThat(world.state(A)).isEqualTo(State.FAILED);
        assertThat(world.view(A).reason()).isEqualTo("nxdomain");
        assertThat(world.view(A).counts().failures()).isEqualTo(3);
        assertThat(world.view(A).names()).contains(new Resolution(List.of(), Optional.empty(), "192.0.2.53:53", "nxdomain"));
    }

    @Test
    void reportsThatNamesFailedOnlyIfNothingElseDid() {
        names.known.put("a.example", FakeNames.failing(NameAnswer.Problem.SERVFAIL));
        names.known.put("b.example", FakeNames.failing(NameAnswer.Problem.TIMEOUT));
        World.Search both = world.search(applied(A, B));
        assertThat(both.next()).isFalse();
        assertThat(both.none).contains(CloseReason.DNS_FAILED);

        World.Search refused = world.search(applied("192.0.2.1:80", B));
        refused.next();
        refused.selection.failed(Failure.UNREACHABLE);

        assertThat(refused.next()).isFalse();
        assertThat(refused.none).contains(CloseReason.CONNECT_FAILED);
    }

    @Test
    void failsNamesButNotAddressesWithoutAResolver() {
        Rule rule = world.apply(World.group(Pick.FIRST, World.target(A), World.target("192.0.2.1:80")));
        assertThat(world.connect(rule).target()).isEqualTo("192.0.2.1:80");
        Rule only = world.apply(World.group(Pick.FIRST, World.target(A)));

        for (int i = 0; i < 5; i++) {
            World.Search search = world.search(only);
            assertThat(search.next()).isFalse();
            assertThat(search.none).contains(CloseReason.DNS_FAILED);
        }

        assertThat(world.state(A)).as("that nobody resolves names is no fault of the target").isEqualTo(State.HEALTHY);
        assertThat(world.view(A).names().orElseThrow().problem()).isEqualTo("no_resolver");
        world.targets.names(names);
        world.targets.namesGone(NoNames.INSTANCE);
        names.known.put("a.example", FakeNames.of(List.of("192.0.2.7"), List.of()));
        assertThat(world.search(only).next()).isTrue();
        world.targets.namesGone(names);
        assertThat(world.search(only).next()).isFalse();
    }

    @Test
    void usesAnAnswerThatHasEnded() {
        names.known.put("a.example", new NameAnswer(List.of(InetAddress.ofLiteral("192.0.2.7")), List.of(), Instant.EPOCH, true, "",
            Optional.of(NameAnswer.Problem.TIMEOUT)));

        assertThat(world.search(applied(A)).next()).isTrue();
    }

    @Test
    void putsTheFamiliesInTurnAndBeginsEachFlowElsewhere() {
        names.known.put("a.example", FakeNames.of(List.of("192.0.2.1", "192.0.2.2"), List.of("2001:db8:0:0:0:0:0:1")));
        Rule rule = applied(A);

        World.Search first = world.search(rule);
        first.next();
        World.Search second = world.search(rule);
        second.next();

        assertThat(addresses(first)).containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1", "192.0.2.2");
        assertThat(addresses(second)).containsExactly("192.0.2.2", "2001:db8:0:0:0:0:0:1", "192.0.2.1");
        assertThat(world.view(A).names().orElseThrow().endpoints()).containsExactly("192.0.2.1", "2001:db8::1", "192.0.2.2");
    }

    @Test
    void prefersIpv6WhereTheRuleDoes() {
        names.known.put("a.example", FakeNames.of(List.of("192.0.2.1"), List.of("2001:db8:0:0:0:0:0:1")));
        world.targets.names(names);
        TargetGroup plain = World.group(Pick.FIRST, World.target(A));
        World.Search search = world.search(world.apply(new TargetGroup(plain.targets(), plain.pick(), true, plain.health(), plain.allDown(), false,
            Duration.ZERO)));

        search.next();

        assertThat(addresses(search)).containsExactly("2001:db8:0:0:0:0:0:1", "192.0.2.1");
    }

    @Test
    void triesEightAddressesAtMost() {
        names.known.put("a.example", FakeNames.of(IntStream.rangeClosed(1, 30).mapToObj(i -> "192.0.2." + i).toList(), List.of()));
        World.Search search = world.search(applied(A));

        search.next();

        assertThat(search.endpoints).hasSize(Endpoints.MAX);
    }

    @Test
    void searchesOnWhenAnAnswerThatWasWaitedForFails() {
        Rule rule = applied(A, B, "192.0.2.1:80");
        World.Search search = world.search(rule);
        search.next();
        names.open.remove().accept(FakeNames.failing(NameAnswer.Problem.NODATA));
        assertThat(search.found).isEmpty();

        names.open.remove().accept(FakeNames.failing(NameAnswer.Problem.OVERLOADED));

        assertThat(search.target()).isEqualTo("192.0.2.1:80");
        assertThat(search.none).isEmpty();
    }

    @Test
    void looksUpForOldFlowsWhenItsVersionHasStopped() {
        names.known.put("a.example", FakeNames.of(List.of("192.0.2.7"), List.of()));
        World.Search search = world.search(applied(A));

        world.targets.stop();
        world.targets.namesGone(names);

        assertThat(search.next()).isTrue();
    }
}
