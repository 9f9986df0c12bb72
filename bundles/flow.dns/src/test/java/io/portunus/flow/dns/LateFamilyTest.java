// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import static io.portunus.flow.dns.ResolverBench.addresses;
import static io.portunus.flow.dns.ResolverBench.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.NameAnswer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** B6: a server that never answers for IPv6. */
class LateFamilyTest {
    private ResolverBench bench;

    @BeforeEach
    void build(@TempDir Path folder) {
        bench = new ResolverBench(folder);
    }

    @Test
    void letsNobodyWaitForAFamilyThatIsNotAnswered() {
        bench.zone.has("half.test", 60, "192.0.2.1").silent("half.test", "AAAA");
        bench.names.keep(Set.of("half.test"));
        bench.time.pass(Duration.ofMillis(10));
        List<NameAnswer> early = bench.ask("half.test");
        assertThat(early).isEmpty();
        bench.time.pass(Duration.ofMillis(40));
        assertThat(early).singleElement().satisfies(a -> assertThat(a.ipv4()).isEqualTo(addresses("192.0.2.1")));

        for (int i = 0; i < 400; i++) {
            bench.time.pass(Duration.ofMillis(100));
            assertThat(bench.answer("half.test").ipv4()).isEqualTo(addresses("192.0.2.1"));
        }
        assertThat(bench.zone.asked().size()).as("questions in 40 s").isLessThan(60);
    }

    @Test
    void letsNobodyWaitForAFamilyThatIsNotAnsweredHoweverLongALookUpMayTake() {
        bench.names = bench.names(new DnsSettings(List.of(ResolverBench.SERVER), seconds(60), seconds(1), seconds(1), seconds(0), seconds(3),
            8192, 64));
        bench.zone.has("half.test", 1, "192.0.2.1").silent("half.test", "AAAA");

        bench.ask("half.test");
        bench.time.pass(seconds(30));

        assertThat(bench.answer("half.test").ipv4()).isEqualTo(addresses("192.0.2.1"));
        assertThat(bench.answer("half.test").problem()).isEmpty();
    }

    /** B6: a sibling, on the way through the search list. */
    @Test
    void passesANameOverThatIsNoneThoughIpv6IsNotAnswered() throws IOException {
        bench.resolvConf("search one.test two.test");
        bench.zone.nxdomain("web.one.test", 60).silent("web.one.test", "AAAA").has("web.two.test", 60, "192.0.2.1")
            .silent("web.two.test", "AAAA");

        List<NameAnswer> answers = bench.ask("web");
        bench.time.pass(Duration.ofMillis(350));

        assertThat(answers).singleElement().satisfies(a -> assertThat(a.ipv4()).isEqualTo(addresses("192.0.2.1")));
    }
}
