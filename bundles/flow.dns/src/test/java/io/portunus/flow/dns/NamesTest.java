// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.NameAnswer.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered and asked, with a clock that the test turns. */
class NamesTest {
    private static final InetSocketAddress FIRST = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.53"), 53);
    private static final InetSocketAddress SECOND = new InetSocketAddress(InetAddress.ofLiteral("2001:db8::53"), 5353);
    private static final DnsSettings DEFAULTS = settings(List.of(FIRST), 8192, 64);
    private final FakeTime time = new FakeTime();
    private final FakeExchange exchange = new FakeExchange(time);
    private final Zone zone = new Zone();
    @TempDir
    private Path folder;
    private Names names = names(DEFAULTS);

    private static DnsSettings settings(List<InetSocketAddress> servers, int maxNames, int maxLookups) {
        return new DnsSettings(servers, seconds(3), seconds(5), seconds(300), seconds(30), seconds(3), maxNames, maxLookups);
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @BeforeEach
    void serve() {
        exchange.zones.put(FIRST, zone);
    }

    private Names names(DnsSettings settings) {
        return new Names(time, exchange, new SystemNames(Path.of("no-hosts"), Path.of("no-resolv.conf"), time), time, new Random(1), settings);
    }

    private Names onThisMachine(DnsSettings settings) {
        SystemNames system = new SystemNames(folder.resolve("hosts"), folder.resolve("resolv.conf"), time);
        return new Names(time, exchange, system, time, new Random(1), settings);
    }

    /** What is answered at once, or nothing so far. */
    private List<NameAnswer> ask(String name) {
        List<NameAnswer> answers = new ArrayList<>();
        names.resolve(name, Runnable::run, answers::add);
        return answers;
    }

    private NameAnswer answer(String name) {
        List<NameAnswer> answers = ask(name);
        assertThat(answers).hasSize(1);
        return answers.getFirst();
    }

    private static List<InetAddress> addresses(String... literals) {
        return Arrays.stream(literals).map(InetAddress::ofLiteral).toList();
    }

    @Test
    void remembersAnAnswerForItsTimeToLive() {
        zone.has("a.test", 60, "192.0.2.1", "192.0.2.2", "2001:db8::1");

        NameAnswer first = answer("a.test");
        time.pass(seconds(59));
        NameAnswer again = answer("A.Test");

        assertThat(first.ipv4()).isEqualTo(addresses("192.0.2.1", "192.0.2.2"));
        assertThat(first.ipv6()).isEqualTo(addresses("2001:db8::1"));
        assertThat(first.problem()).isEmpty();
        assertThat(first.stale()).isFalse();
        assertThat(again).isSameAs(first);
        assertThat(zone.asked()).containsExactly("a.test. A", "a.test. AAAA");

        time.pass(seconds(1));
        answer("a.test");
        assertThat(zone.asked()).hasSize(4);
    }

    /** N2. */
    @Test
    void takesTheLeastTimeToLiveOfTheChain() {
        zone.chain("n2.test", "target.test", 10, 86_400, "192.0.2.1");
        zone.chain("n2b.test", "target.test", 86_400, 20, "192.0.2.1");

        assertThat(answer("n2.test").validUntil()).isEqualTo(time.instant().plusSeconds(10));
        assertThat(answer("n2b.test").validUntil()).isEqualTo(time.instant().plusSeconds(20));
    }

    /** N1. */
    @Test
    void keepsTimesToLiveWithinTheirBounds() {
        zone.has("short.test", 0, "192.0.2.1").has("long.test", 86_400, "192.0.2.1");

        assertThat(answer("short.test").validUntil()).isEqualTo(time.instant().plusSeconds(5));
        assertThat(answer("long.test").validUntil()).isEqualTo(time.instant().plusSeconds(300));
    }

    @Test
    void asksForAnAliasThatTheServerLeavesOpen() {
        zone.family("open.test", "A", a -> a.addRecord(new org.xbill.DNS.CNAMERecord(Zone.name("open.test"), 1, 30, Zone.name("end.test")), 1));
        zone.has("end.test", 60, "192.0.2.9");

        NameAnswer answer = answer("open.test");

        assertThat(answer.ipv4()).isEqualTo(addresses("192.0.2.9"));
        assertThat(answer.validUntil()).isEqualTo(time.instant().plusSeconds(30));
    }

    @Test
    void neverLetsAConnectionWaitForAKeptName() {
        zone.has("kept.test", 7, "192.0.2.1");
        names.keep(Set.of("KEPT.test"));

        for (int i = 0; i < 600; i++) {
            time.pass(Duration.ofMillis(500));
            NameAnswer answer = answer("kept.test");
            assertThat(answer.stale()).isFalse();
            assertThat(answer.validUntil()).isAfter(time.instant());
        }

        // Two questions a look-up, each five seconds or a little more.
        assertThat(zone.asked()).hasSizeBetween(2 * 300 / 7, 2 * 300 / 5 + 4);
    }

    @Test
    void looksKeptNamesUpAtFourFifthsOfTheirTime() {
        zone.has("kept.test", 100, "192.0.2.1");
        names.keep(Set.of("kept.test"));
        time.pass(seconds(74));
        assertThat(zone.asked()).hasSize(2);

        time.pass(seconds(12));

        assertThat(zone.asked()).hasSize(4);
    }

    @Test
    void forgetsNamesThatAreKeptNoMore() {
        zone.has("kept.test", 10, "192.0.2.1");
        names.keep(Set.of("kept.test"));
        time.pass(seconds(1));

        names.keep(Set.of());
        time.pass(seconds(200));

        assertThat(zone.asked()).hasSize(2);
        assertThat(names.known("kept.test")).isEmpty();
    }

    @Test
    void servesAnEndedAnswerForTheGraceAndThenNoneForAWhile() {
        zone.has("grace.test", 10, "192.0.2.1");
        answer("grace.test");
        zone.fails("grace.test");
        time.pass(seconds(20));

        NameAnswer stale = answer("grace.test");
        assertThat(stale.stale()).isTrue();
        assertThat(stale.ipv4()).isEqualTo(addresses("192.0.2.1"));
        assertThat(stale.problem()).contains(Problem.SERVFAIL);

        time.pass(Duration.ofMillis(29_900));
        assertThat(answer("grace.test").usable()).isTrue();
        time.pass(Duration.ofMillis(100));
        NameAnswer no = answer("grace.test");
        assertThat(no.usable()).isFalse();
        assertThat(no.problem()).contains(Problem.SERVFAIL);

        int asked = zone.asked().size();
        time.pass(Duration.ofMillis(2900));
        assertThat(answer("grace.test").usable()).isFalse();
        assertThat(zone.asked()).hasSize(asked);
        time.pass(Duration.ofMillis(100));
        zone.has("grace.test", 10, "192.0.2.7");
        assertThat(answer("grace.test").ipv4()).isEqualTo(addresses("192.0.2.7"));
    }

    @Test
    void doesNotLetAConnectionWaitForALookUpInTheGrace() {
        zone.has("grace.test", 10, "192.0.2.1");
        answer("grace.test");
        zone.silent("grace.test");
        time.pass(seconds(10));
        List<NameAnswer> waits = ask("grace.test");
        assertThat(waits).isEmpty();
        time.pass(seconds(3));
        assertThat(waits).singleElement().satisfies(a -> {
            assertThat(a.stale()).isTrue();
            assertThat(a.problem()).contains(Problem.TIMEOUT);
        });

        for (int i = 0; i < 29; i++) {
            assertThat(answer("grace.test").stale()).isTrue();
            time.pass(seconds(1));
        }
    }

    @Test
    void reportsInTimeThatNobodyAnswers() {
        zone.silent("silent.test");

        List<NameAnswer> answers = ask("silent.test");
        time.pass(Duration.ofMillis(2999));
        assertThat(answers).isEmpty();
        time.pass(Duration.ofMillis(1));

        assertThat(answers).singleElement().satisfies(a -> assertThat(a.problem()).contains(Problem.TIMEOUT));
        assertThat(exchange.open()).isZero();
        assertThat(zone.asked()).hasSize(6);
    }

    /** A5: nothing is remembered, and yet what is kept is not asked for without a pause. */
    @Test
    void asksForKeptNamesWithPausesWhenNoFailureIsRemembered() {
        names = names(new DnsSettings(List.of(FIRST), seconds(3), seconds(5), seconds(300), Duration.ZERO, Duration.ZERO, 8192, 64));
        zone.nxdomain("no.test", 0).fails("fails.test");

        names.keep(Set.of("no.test", "fails.test"));
        time.pass(seconds(10));

        assertThat(zone.asked().stream().filter("no.test. A"::equals)).hasSizeBetween(9, 11);
        assertThat(zone.asked().stream().filter("fails.test. A"::equals)).hasSizeBetween(2, 12);
        assertThat(answer("no.test").problem()).contains(Problem.NXDOMAIN);
    }

    @Test
    void remembersThatThereIsNoName() {
        zone.nxdomain("no.test", 20).nxdomain("short.test", 0).nxdomain("long.test", 86_400);

        assertThat(answer("no.test").problem()).contains(Problem.NXDOMAIN);
        assertThat(answer("no.test").validUntil()).isEqualTo(time.instant().plusSeconds(20));
        assertThat(answer("short.test").validUntil()).isEqualTo(time.instant().plusSeconds(3));
        assertThat(answer("long.test").validUntil()).isEqualTo(time.instant().plusSeconds(300));
        assertThat(zone.asked()).hasSize(6);
    }

    @Test
    void believesAServerThatAnswersThatANameHasGone() {
        zone.has("gone.test", 10, "192.0.2.1");
        answer("gone.test");
        zone.nxdomain("gone.test", 10);
        time.pass(seconds(10));

        assertThat(answer("gone.test").usable()).isFalse();
        assertThat(answer("gone.test").stale()).isFalse();
    }

    @Test
    void reportsThatANameHasNoAddress() {
        zone.has("empty.test", 10);

        assertThat(answer("empty.test").problem()).contains(Problem.NODATA);
    }

    @Test
    void dropsAddressesThatAnAnswerHasNoMore() {
        zone.has("moves.test", 10, "192.0.2.1", "192.0.2.2", "2001:db8::1");
        answer("moves.test");
        zone.has("moves.test", 10, "192.0.2.2");
        time.pass(seconds(10));

        NameAnswer answer = answer("moves.test");

        assertThat(answer.ipv4()).isEqualTo(addresses("192.0.2.2"));
        assertThat(answer.ipv6()).isEmpty();
    }

    /** N3. */
    @Test
    void keepsTheAddressesOfAFamilyThatFailsForTheGrace() {
        zone.has("flap.test", 10, "192.0.2.1", "2001:db8::1");
        answer("flap.test");
        zone.fails("flap.test", "AAAA");
        time.pass(seconds(10));

        NameAnswer partial = answer("flap.test");
        assertThat(partial.ipv4()).isEqualTo(addresses("192.0.2.1"));
        assertThat(partial.ipv6()).isEqualTo(addresses("2001:db8::1"));
        assertThat(partial.stale()).isFalse();
        assertThat(partial.validUntil()).isEqualTo(time.instant().plusSeconds(5));

        for (int i = 1; i < 30; i++) {
            time.pass(seconds(1));
            assertThat(answer("flap.test").ipv6()).as("after %s s", i).isEqualTo(addresses("2001:db8::1"));
        }
        time.pass(seconds(1));
        assertThat(answer("flap.test").ipv6()).isEmpty();
        assertThat(answer("flap.test").ipv4()).isEqualTo(addresses("192.0.2.1"));
    }

    @Test
    void doesNotWaitLongForTheOtherFamily() {
        zone.has("half.test", 60, "192.0.2.1").silent("half.test", "AAAA");

        List<NameAnswer> answers = ask("half.test");
        time.pass(Lookup.GRACE);

        assertThat(answers).singleElement().satisfies(a -> assertThat(a.ipv4()).isEqualTo(addresses("192.0.2.1")));
        time.pass(seconds(3));
        assertThat(answer("half.test").usable()).isTrue();
        assertThat(exchange.open()).isZero();
    }

    @Test
    void asksOnceForAllWhoWait() {
        zone.silent("busy.test");
        List<List<NameAnswer>> answers = IntStream.range(0, 100).mapToObj(_ -> ask("busy.test")).toList();
        zone.has("busy.test", 60, "192.0.2.1");

        time.pass(seconds(1));

        assertThat(answers).allSatisfy(t -> assertThat(t).singleElement().satisfies(a -> assertThat(a.usable()).isTrue()));
        assertThat(zone.asked()).hasSize(4);
    }

    @Test
    void refusesLookUpsBeyondTheCeilingButGivesWhatItRemembers() {
        names = names(settings(List.of(FIRST), 8192, 2));
        zone.has("old.test", 10, "192.0.2.1").silent("s1.test").silent("s2.test");
        answer("old.test");
        time.pass(seconds(11));
        ask("s1.test");
        ask("s2.test");

        assertThat(answer("new.test").problem()).contains(Problem.OVERLOADED);
        assertThat(answer("old.test").ipv4()).isEqualTo(addresses("192.0.2.1"));
        assertThat(answer("old.test").stale()).isTrue();
        assertThat(answer("localhost").usable()).isTrue();
        assertThat(ask("s1.test")).as("waits with the others").isEmpty();

        time.pass(seconds(3));
        assertThat(answer("new.test").problem()).contains(Problem.NXDOMAIN);
    }

    @Test
    void leavesRoomForConnectionsWhenManyNamesAreKept() {
        names = names(settings(List.of(FIRST), 8192, 4));
        List<String> silent = IntStream.range(0, 20).mapToObj(i -> "s" + i + ".test").toList();
        silent.forEach(zone::silent);
        zone.has("now.test", 10, "192.0.2.1");
        names.keep(Set.copyOf(silent));

        for (int i = 0; i < 20; i++) {
            time.pass(seconds(1));
            assertThat(answer("now.test").usable()).isTrue();
        }
    }

    @Test
    void dropsTheLeastRecentlyUsedNameThatIsNotKept() {
        names = names(settings(List.of(FIRST), 3, 64));
        for (String name : List.of("kept.test", "a.test", "b.test", "c.test", "d.test")) {
            zone.has(name, 300, "192.0.2.1");
        }
        names.keep(Set.of("kept.test"));
        time.pass(seconds(1));
        answer("a.test");
        time.pass(seconds(1));
        answer("b.test");
        time.pass(seconds(1));
        answer("a.test");
        time.pass(seconds(1));

        answer("c.test");

        assertThat(names.known("b.test")).isEmpty();
        assertThat(names.known("a.test")).isPresent();
        assertThat(names.known("c.test")).isPresent();
        assertThat(names.known("kept.test")).isPresent();
        assertThat(names.entries()).hasSize(3);
    }

    @Test
    void resolvesMoreNamesThanItHasRoomFor() {
        names = names(settings(List.of(FIRST), 1, 64));
        zone.has("kept.test", 300, "192.0.2.1").has("other.test", 300, "192.0.2.2");
        names.keep(Set.of("kept.test"));
        time.pass(seconds(1));

        assertThat(answer("other.test").ipv4()).isEqualTo(addresses("192.0.2.2"));
        assertThat(names.entries()).hasSize(1);
    }

    /** N4. */
    @Test
    void asksTheNextServerWhenOneFailsAndNamesWhoAnswered() {
        names = names(settings(List.of(FIRST, SECOND), 8192, 64));
        Zone other = new Zone().has("x.test", 60, "192.0.2.1");
        exchange.zones.put(SECOND, other);
        zone.fails("x.test");

        assertThat(answer("x.test").server()).isEqualTo("[2001:db8::53]:5353");
        exchange.zones.remove(FIRST);
        other.has("y.test", 60, "192.0.2.1");
        assertThat(answer("y.test").usable()).isTrue();
    }

    @Test
    void asksASilentServerLastForAWhile() {
        names = names(settings(List.of(FIRST, SECOND), 8192, 64));
        zone.silent("x.test").has("y.test", 60, "192.0.2.1").has("z.test", 60, "192.0.2.1");
        exchange.zones.put(SECOND, new Zone().has("x.test", 60, "192.0.2.2").has("y.test", 60, "192.0.2.2"));

        List<NameAnswer> answers = ask("x.test");
        time.pass(seconds(1));
        assertThat(answers).singleElement().satisfies(a -> assertThat(a.ipv4()).isEqualTo(addresses("192.0.2.2")));
        assertThat(answer("y.test").ipv4()).isEqualTo(addresses("192.0.2.2"));

        time.pass(seconds(30));
        assertThat(answer("z.test").ipv4()).isEqualTo(addresses("192.0.2.1"));
    }

    @Test
    void asksOtherServersWhenTheConfigurationHasOthers() {
        exchange.zones.put(SECOND, new Zone().has("kept.test", 60, "192.0.2.2").has("x.test", 60, "192.0.2.2"));
        zone.has("kept.test", 60, "192.0.2.1").has("x.test", 60, "192.0.2.1");
        names.keep(Set.of("kept.test"));
        time.pass(seconds(1));
        assertThat(answer("kept.test").server()).isEqualTo("192.0.2.53:53");
        assertThat(answer("x.test").ipv4()).isEqualTo(addresses("192.0.2.1"));

        names.settings(settings(List.of(SECOND), 8192, 64));
        assertThat(answer("x.test").ipv4()).isEqualTo(addresses("192.0.2.2"));
        assertThat(answer("kept.test").usable()).isTrue();
        time.pass(seconds(1));

        assertThat(answer("kept.test").ipv4()).isEqualTo(addresses("192.0.2.2"));
    }

    @Test
    void prefersTheFileOfHostsAndReadsItAgain() throws IOException {
        Path hosts = folder.resolve("hosts");
        Files.writeString(hosts, "192.0.2.1 Here.test here\n2001:db8::1 here.test # and so on\n192.0.2.2 here.test\n");
        names = onThisMachine(DEFAULTS);
        NameAnswer first = answer("here.test");
        assertThat(first.ipv4()).isEqualTo(addresses("192.0.2.1", "192.0.2.2"));
        assertThat(first.ipv6()).isEqualTo(addresses("2001:db8::1"));
        assertThat(first.server()).isEqualTo("hosts");

        Files.writeString(hosts, "192.0.2.33 here.test\n");
        time.pass(seconds(5));

        assertThat(answer("here.test").ipv4()).isEqualTo(addresses("192.0.2.33"));
        assertThat(zone.asked()).isEmpty();
    }

    @Test
    void answersAddressesAndRefusesWhatIsNoName() {
        assertThat(answer("192.0.2.1").ipv4()).isEqualTo(addresses("192.0.2.1"));
        assertThat(answer("2001:db8::1").ipv6()).isEqualTo(addresses("2001:db8::1"));
        assertThat(answer("192.0.2.1.1").problem()).contains(Problem.OTHER);
        assertThat(answer("1.2.3").problem()).contains(Problem.OTHER);
        assertThat(answer("no,name.test").problem()).contains(Problem.OTHER);
        assertThat(answer("").problem()).contains(Problem.OTHER);
        assertThat(names.entries()).isEmpty();
        assertThat(zone.asked()).isEmpty();
    }

    @Test
    void answersAtOnceOnTheLoopThatAsksAndLaterOnAnother() {
        zone.has("x.test", 60, "192.0.2.1");
        answer("x.test");
        List<NameAnswer> answers = new ArrayList<>();

        names.resolve("x.test", new FakeLoop(true), answers::add);
        assertThat(answers).hasSize(1);
        FakeLoop other = new FakeLoop(false);
        names.resolve("x.test", other, answers::add);
        assertThat(answers).hasSize(1);
        other.queued().forEach(Runnable::run);

        assertThat(answers).hasSize(2);
    }

    @Test
    void answersOthersEvenIfOneWhoWaitsHasAFault() {
        zone.silent("x.test");
        names.resolve("x.test", Runnable::run, _ -> {
            throw new IllegalStateException("for the test");
        });
        List<NameAnswer> answers = ask("x.test");

        time.pass(seconds(3));

        assertThat(answers).hasSize(1);
    }

    @Test
    void answersNobodyWhoHasCancelled() {
        zone.has("x.test", 60, "192.0.2.1");
        List<Runnable> later = new ArrayList<>();
        List<NameAnswer> answers = new ArrayList<>();

        Cancellable call = names.resolve("x.test", later::add, answers::add);
        call.cancel();
        later.forEach(Runnable::run);
        names.resolve("x.test", _ -> {
            throw new RejectedExecutionException("ended");
        }, answers::add);

        assertThat(later).hasSize(1);
        assertThat(answers).isEmpty();
    }

    @Test
    void answersWhoWaitsWhenItEndsAndKeepsNoTimerOrQuestion() {
        zone.has("x.test", 60, "192.0.2.1").silent("wait.test");
        names.keep(Set.of("x.test"));
        time.pass(seconds(1));
        List<NameAnswer> waits = ask("wait.test");

        names.close();

        assertThat(waits).singleElement().satisfies(a -> assertThat(a.problem()).contains(Problem.OTHER));
        assertThat(answer("x.test").usable()).isTrue();
        assertThat(answer("late.test").problem()).contains(Problem.OTHER);
        assertThat(exchange.open()).isZero();
        assertThat(time.timers()).as("the sweep and the look at the files, which end with the thread").isEqualTo(2);
    }

    @Test
    void handsOverWhatItRemembers() {
        zone.has("good.test", 60, "192.0.2.1", "2001:db8::1").nxdomain("no.test", 60).has("stale.test", 10, "192.0.2.3");
        names.keep(Set.of("good.test"));
        answer("stale.test");
        zone.fails("stale.test");
        time.pass(seconds(10));
        NameAnswer stale = answer("stale.test");
        NameAnswer good = answer("good.test");
        NameAnswer no = answer("no.test");
        Map<String, Object> state = new CacheState(names, time).give();
        names.close();
        zone.asked().clear();

        names = names(DEFAULTS);
        new CacheState(names, time).take(state);

        assertThat(answer("good.test")).isEqualTo(good);
        assertThat(answer("no.test")).isEqualTo(no);
        assertThat(answer("stale.test")).isEqualTo(stale);
        assertThat(zone.asked()).isEmpty();
        assertThat(names.kept()).containsExactly("good.test");
        time.pass(seconds(29));
        assertThat(answer("stale.test").stale()).isTrue();
        time.pass(seconds(1));
        assertThat(answer("stale.test").usable()).isFalse();
        assertThat(answer("good.test").usable()).isTrue();
    }

    @Test
    void takesNothingFromAStateThatItDoesNotUnderstand() {
        new CacheState(names, time).take(Map.of("kept", "x", "names", Map.of("a.test", 1, "b_.test", Map.of(), "c.test",
            Map.of("ipv4", Map.of("addresses", List.of("not an address"))))));
        zone.has("c.test", 60, "192.0.2.1");

        assertThat(answer("c.test").ipv4()).isEqualTo(addresses("192.0.2.1"));
    }
}
