// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.NameAnswer.Problem;
import io.portunus.flow.spi.ServiceHost;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Services, which are remembered and asked for as hosts are, with a clock that the test turns. */
class ServicesTest {
    private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.53"), 53);
    private static final String SERVICE = "_db._tcp.test";
    private final FakeTime time = new FakeTime();
    private final FakeExchange exchange = new FakeExchange(time);
    private final Zone zone = new Zone();
    private Names names = names(8192, 64);

    private Names names(int maxNames, int maxLookups) {
        DnsSettings settings = new DnsSettings(List.of(SERVER), seconds(3), seconds(5), seconds(300), seconds(30), seconds(3), maxNames, maxLookups);
        return new Names(time, exchange, new SystemNames(Path.of("no-hosts"), Path.of("no-resolv.conf"), time), time, new Random(1), settings);
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @BeforeEach
    void serve() {
        exchange.zones.put(SERVER, zone);
    }

    private NameAnswer answer(String name) {
        List<NameAnswer> answers = new ArrayList<>();
        names.resolve(name, Runnable::run, answers::add);
        assertThat(answers).hasSize(1);
        return answers.getFirst();
    }

    @Test
    void remembersTheHostsOfAServiceForTheirTime() {
        zone.serves(SERVICE, 60, "0 5 5432 db1.test", "1 0 5433 db2.test");

        NameAnswer first = answer("_DB._tcp.test");
        time.pass(seconds(59));

        assertThat(first.hosts()).containsExactly(new ServiceHost("db1.test", 5432, 0, 5), new ServiceHost("db2.test", 5433, 1, 0));
        assertThat(first.usable()).isTrue();
        assertThat(answer(SERVICE)).isSameAs(first);
        assertThat(zone.asked()).containsExactly("_db._tcp.test. SRV");
        assertThat(first.validUntil()).isEqualTo(time.instant().plusSeconds(1));
    }

    @Test
    void keepsTheHostsOfAServiceThatIsKeptAndForgetsThoseThatItNamesNoMore() {
        zone.serves(SERVICE, 10, "0 5 5432 db1.test").has("db1.test", 10, "192.0.2.1").has("db2.test", 10, "192.0.2.2");
        names.keep(Set.of(SERVICE));
        time.pass(seconds(1));
        assertThat(zone.asked()).containsExactly("_db._tcp.test. SRV", "db1.test. A", "db1.test. AAAA");
        for (int i = 0; i < 100; i++) {
            time.pass(seconds(1));
            assertThat(answer(SERVICE).stale()).isFalse();
            assertThat(answer("db1.test.").stale()).isFalse();
        }

        zone.serves(SERVICE, 10, "0 5 5432 db2.test");
        time.pass(seconds(20));
        zone.asked().clear();
        time.pass(seconds(60));

        assertThat(zone.asked()).contains("db2.test. A").doesNotContain("db1.test. A");
        assertThat(answer(SERVICE).hosts()).containsExactly(new ServiceHost("db2.test", 5432, 0, 5));
        names.keep(Set.of());
        time.pass(seconds(200));
        assertThat(names.known("db2.test.")).isEmpty();
    }

    @Test
    void goesOnWithWhatItKnowsWhileTheServerFails() {
        zone.serves(SERVICE, 10, "0 5 5432 db1.test");
        answer(SERVICE);
        zone.family(SERVICE, "SRV", answer -> answer.getHeader().setRcode(org.xbill.DNS.Rcode.SERVFAIL));
        time.pass(seconds(20));

        NameAnswer stale = answer(SERVICE);
        time.pass(seconds(31));

        assertThat(stale.stale()).isTrue();
        assertThat(stale.hosts()).hasSize(1);
        assertThat(stale.problem()).contains(Problem.SERVFAIL);
        assertThat(answer(SERVICE).usable()).isFalse();
    }

    @Test
    void remembersThatThereIsNoSuchServiceAsLongAsTheAnswerHolds() {
        zone.serves(SERVICE, 60, "0 0 0 .");

        NameAnswer none = answer(SERVICE);
        zone.serves(SERVICE, 60, "0 5 5432 db1.test");
        time.pass(seconds(59));

        assertThat(none.problem()).contains(Problem.NO_SERVICE);
        assertThat(none.usable()).isFalse();
        assertThat(answer(SERVICE)).isSameAs(none);
        time.pass(seconds(1));
        assertThat(answer(SERVICE).hosts()).hasSize(1);
    }

    @Test
    void followsAliasesAndReportsWhatIsNotThere() {
        zone.family("_alias._tcp.test", "SRV",
            answer -> answer.addRecord(new org.xbill.DNS.CNAMERecord(Zone.name("_alias._tcp.test"), 1, 30, Zone.name(SERVICE)), 1));
        zone.serves(SERVICE, 60, "0 5 5432 db1.test").serves("_empty._tcp.test", 60);

        assertThat(answer("_alias._tcp.test").validUntil()).isEqualTo(time.instant().plusSeconds(30));
        assertThat(answer("_empty._tcp.test").problem()).contains(Problem.NODATA);
        assertThat(answer("_nothing._tcp.test").problem()).contains(Problem.NXDOMAIN);
        assertThat(answer("_a._sctp.test").problem()).contains(Problem.OTHER);
    }

    @Test
    void holdsToItsCeilings() {
        names = names(2, 1);
        zone.serves(SERVICE, 60, "0 0 1 a.test", "0 0 1 b.test", "0 0 1 c.test").has("a.test", 60, "192.0.2.1").has("b.test", 60, "192.0.2.2")
            .silent("wait.test");
        names.keep(Set.of(SERVICE));
        time.pass(seconds(10));

        assertThat(names.entries()).hasSizeLessThanOrEqualTo(2).containsKey(SERVICE);
        names.resolve("wait.test", Runnable::run, _ -> { });
        assertThat(answer("_other._tcp.test").problem()).contains(Problem.OVERLOADED);
    }

    @Test
    void handsServicesOver() {
        zone.serves(SERVICE, 60, "0 5 5432 db1.test", "7 65535 5433 db2.test").has("db1.test", 60, "192.0.2.1").has("db2.test", 60, "192.0.2.2");
        names.keep(Set.of(SERVICE));
        time.pass(seconds(1));
        NameAnswer known = answer(SERVICE);
        Map<String, Object> state = new CacheState(names, time).give();
        names.close();
        zone.asked().clear();

        names = names(8192, 64);
        new CacheState(names, time).take(state);

        assertThat(answer(SERVICE)).isEqualTo(known);
        assertThat(answer("db2.test.").usable()).isTrue();
        assertThat(zone.asked()).isEmpty();
        time.pass(seconds(59));
        assertThat(zone.asked()).contains("_db._tcp.test. SRV", "db1.test. A", "db2.test. A");
    }

    @Test
    void takesNoHostsThatItDoesNotUnderstand() {
        long later = time.instant().plusSeconds(60).toEpochMilli();
        new CacheState(names, time).take(Map.of("names", Map.of(SERVICE, Map.of("until", later, "hosts", Map.of("until", later, "addresses",
            List.of("0 5 5432 db1.test", "0 5 0 a.test", "0 5 99999 a.test", "x 5 80 a.test", "0 5 80", "0 5 80 -a", ""))))));

        assertThat(answer(SERVICE).hosts()).containsExactly(new ServiceHost("db1.test", 5432, 0, 5));
    }
}
