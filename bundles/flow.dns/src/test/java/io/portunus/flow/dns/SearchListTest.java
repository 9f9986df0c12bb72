// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import static io.portunus.flow.dns.ResolverBench.addresses;
import static io.portunus.flow.dns.ResolverBench.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.NameAnswer.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** B2: names as the C library of the system would look them up. */
class SearchListTest {
    private ResolverBench bench;

    @BeforeEach
    void build(@TempDir Path folder) {
        bench = new ResolverBench(folder);
    }

    @Test
    void looksNamesUpInTheSearchListAsTheSystemWould() throws IOException {
        bench.resolvConf("search one.test two.test");
        bench.zone.has("web.two.test", 60, "192.0.2.1").has("alone", 60, "192.0.2.2");

        assertThat(bench.answer("web").ipv4()).isEqualTo(addresses("192.0.2.1"));
        assertThat(bench.answer("alone").ipv4()).isEqualTo(addresses("192.0.2.2"));
        assertThat(bench.answer("web.two").problem()).contains(Problem.NXDOMAIN);
        assertThat(bench.zone.asked()).containsExactly("web.one.test. A", "web.one.test. AAAA", "web.two.test. A", "web.two.test. AAAA",
            "alone.one.test. A", "alone.one.test. AAAA", "alone.two.test. A", "alone.two.test. AAAA", "alone. A", "alone. AAAA",
            "web.two. A", "web.two. AAAA", "web.two.one.test. A", "web.two.one.test. AAAA", "web.two.two.test. A", "web.two.two.test. AAAA");
    }

    /** B2: as in a pod of Kubernetes. */
    @Test
    void looksDottedNamesUpInTheSearchListFirstWhereNdotsRequiresIt() throws IOException {
        bench.resolvConf("search app.svc.cluster.test svc.cluster.test cluster.test", "options ndots:5");
        bench.zone.has("db.prod.svc.cluster.test", 60, "192.0.2.1").has("db.example", 60, "192.0.2.2").serves("_db._tcp.web.svc.cluster.test", 60,
            "0 0 80 web.example").has("web.example", 60, "192.0.2.3");

        assertThat(bench.answer("db.prod").ipv4()).isEqualTo(addresses("192.0.2.1"));
        assertThat(bench.zone.asked()).containsExactly("db.prod.app.svc.cluster.test. A", "db.prod.app.svc.cluster.test. AAAA",
            "db.prod.svc.cluster.test. A", "db.prod.svc.cluster.test. AAAA");
        assertThat(bench.answer("db.example").ipv4()).isEqualTo(addresses("192.0.2.2"));
        assertThat(bench.answer("_db._tcp.web").hosts()).hasSize(1);
        bench.zone.asked().clear();
        assertThat(bench.answer("db.example.").ipv4()).isEqualTo(addresses("192.0.2.2"));
        assertThat(bench.answer("web.example.").ipv4()).isEqualTo(addresses("192.0.2.3"));
        assertThat(bench.zone.asked()).as("whole names").containsExactly("db.example. A", "db.example. AAAA", "web.example. A", "web.example. AAAA");
    }

    /** B2: what was passed over may come to be. */
    @Test
    void holdsWhatItFoundNoLongerThanWhatItPassedOver() throws IOException {
        bench.resolvConf("search one.test two.test");
        bench.zone.nxdomain("web.one.test", 20).has("web.two.test", 200, "192.0.2.1");
        bench.zone.nxdomain("no.one.test", 200).nxdomain("no.two.test", 20).nxdomain("no", 100);
        bench.zone.has("some.one.test", 60).nxdomain("some.two.test", 30).nxdomain("some", 40);

        assertThat(bench.answer("web").validUntil()).isEqualTo(bench.time.instant().plusSeconds(20));
        assertThat(bench.answer("no").validUntil()).isEqualTo(bench.time.instant().plusSeconds(20));
        assertThat(bench.answer("no").problem()).contains(Problem.NXDOMAIN);
        assertThat(bench.answer("some").problem()).as("one of them is").contains(Problem.NODATA);
        assertThat(bench.answer("some").validUntil()).isEqualTo(bench.time.instant().plusSeconds(30));
        bench.zone.has("web.one.test", 60, "192.0.2.9");
        bench.time.pass(seconds(20));
        assertThat(bench.answer("web").ipv4()).isEqualTo(addresses("192.0.2.9"));
    }

    /** B2: a server that fails for one suffix. The system looks further, and what is found nowhere is then not known to be nowhere. */
    @Test
    void goesOnWithTheSearchWhereAServerFails() throws IOException {
        bench.resolvConf("search one.test two.test");
        bench.zone.fails("web.one.test").has("web.two.test", 60, "192.0.2.1").fails("db.one.test");

        assertThat(bench.answer("web").ipv4()).isEqualTo(addresses("192.0.2.1"));
        assertThat(bench.answer("web").validUntil()).isEqualTo(bench.time.instant().plusSeconds(5));
        assertThat(bench.answer("db").problem()).contains(Problem.SERVFAIL);
        assertThat(bench.answer("db").validUntil()).isEqualTo(bench.time.instant().plusSeconds(3));
    }

    @Test
    void endsTheSearchInTimeWhereNobodyAnswers() throws IOException {
        bench.resolvConf("search one.test two.test");
        bench.zone.silent("web.one.test").has("web.two.test", 60, "192.0.2.1");

        List<NameAnswer> answers = bench.ask("web");
        bench.time.pass(seconds(3));

        assertThat(answers).singleElement().satisfies(a -> assertThat(a.problem()).contains(Problem.TIMEOUT));
        assertThat(bench.zone.asked()).doesNotContain("web.two.test. A");
        assertThat(bench.exchange.open()).isZero();
    }

    /** B2: options of resolv.conf. */
    @Test
    void asksAsOftenAndAsLongAsTheSystemIsConfigured() throws IOException {
        bench.resolvConf("options timeout:1 attempts:1");
        bench.zone.silent("quiet.test");

        List<NameAnswer> answers = bench.ask("quiet.test");
        bench.time.pass(Duration.ofMillis(999));
        assertThat(answers).isEmpty();
        bench.time.pass(Duration.ofMillis(1));

        assertThat(answers).singleElement().satisfies(a -> assertThat(a.problem()).contains(Problem.TIMEOUT));
        assertThat(bench.zone.asked()).containsExactly("quiet.test. A", "quiet.test. AAAA");
    }

    @Test
    void asksTheServersInTurnAndTheFamiliesOneByOneWhereTheSystemSetsIt() throws IOException {
        Zone other = new Zone().has("b.test", 60, "192.0.2.22").has("a.test", 60, "192.0.2.21");
        bench.exchange.zones.put(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.54"), 53), other);
        bench.zone.has("a.test", 60, "192.0.2.11").has("b.test", 60, "192.0.2.12");
        bench.resolvConf("nameserver 192.0.2.54", "options rotate single-request");

        assertThat(bench.answer("a.test").ipv4()).isEqualTo(addresses("192.0.2.11"));
        assertThat(bench.answer("b.test").ipv4()).isEqualTo(addresses("192.0.2.22"));
        assertThat(bench.zone.asked()).containsExactly("a.test. A", "a.test. AAAA");
        assertThat(other.asked()).containsExactly("b.test. A", "b.test. AAAA");
        bench.zone.silent("c.test", "A");
        other.silent("c.test", "A");
        bench.ask("c.test");
        assertThat(bench.zone.asked()).contains("c.test. A").doesNotContain("c.test. AAAA");
    }

    /** B2: what is remembered is of the file that was. */
    @Test
    void asksAnewWhenResolvConfChanges() throws IOException {
        bench.resolvConf("search one.test");
        bench.zone.nxdomain("web.one.test", 300).nxdomain("web", 300).has("web.two.test", 60, "192.0.2.1").has("kept.two.test", 60, "192.0.2.2");
        bench.names.keep(Set.of("kept"));
        assertThat(bench.answer("web").problem()).contains(Problem.NXDOMAIN);

        Path other = Files.writeString(bench.folder.resolve("new"), "nameserver 192.0.2.53\nsearch two.test\n");
        Files.move(other, bench.folder.resolve("resolv.conf"), StandardCopyOption.ATOMIC_MOVE);
        bench.time.pass(seconds(7));

        assertThat(bench.answer("web").ipv4()).isEqualTo(addresses("192.0.2.1"));
        assertThat(bench.answer("kept").ipv4()).isEqualTo(addresses("192.0.2.2"));
        Files.writeString(bench.folder.resolve("hosts"), "192.0.2.99 web\n");
        bench.time.pass(seconds(6));
        assertThat(bench.answer("web").ipv4()).isEqualTo(addresses("192.0.2.99"));
    }

    /** B6: who comes while IPv6 is not answered waits no longer than the first, which is 50 ms. */
}
