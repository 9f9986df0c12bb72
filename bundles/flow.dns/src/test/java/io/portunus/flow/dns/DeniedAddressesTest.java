// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import static io.portunus.flow.dns.ResolverBench.addresses;
import static io.portunus.flow.dns.ResolverBench.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.NameAnswer.Problem;
import io.portunus.model.Cidr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** C7: addresses that nobody's name may lead to. */
class DeniedAddressesTest {
    private ResolverBench bench;

    @BeforeEach
    void build(@TempDir Path folder) {
        bench = new ResolverBench(folder);
    }

    /** C7: addresses that nobody's name may lead to. */
    @Test
    void takesNoAddressThatIsDenied() throws IOException {
        Files.writeString(bench.folder.resolve("hosts"), "10.0.0.9 own.test\n");
        bench.names = bench.onThisMachine(denying("10.0.0.0/8", "fd00::/8"));
        bench.zone.has("evil.test", 60, "10.1.2.3", "fd00::1").has("mixed.test", 60, "10.1.2.3", "192.0.2.1").has("good.test", 60, "192.0.2.2");

        assertThat(bench.answer("evil.test").problem()).contains(Problem.DENIED);
        assertThat(bench.answer("evil.test").usable()).isFalse();
        assertThat(bench.answer("mixed.test").ipv4()).isEqualTo(addresses("192.0.2.1"));
        assertThat(bench.answer("mixed.test").problem()).isEmpty();
        assertThat(bench.answer("good.test").ipv4()).isEqualTo(addresses("192.0.2.2"));
        assertThat(bench.answer("own.test").ipv4()).as("of the file of hosts").isEqualTo(addresses("10.0.0.9"));
        assertThat(bench.answer("10.0.0.7").ipv4()).as("a literal").isEqualTo(addresses("10.0.0.7"));
    }

    @Test
    void forgetsWhatIsDeniedFromNowOn() {
        bench.zone.has("evil.test", 300, "10.1.2.3");
        bench.names.keep(Set.of("evil.test"));
        assertThat(bench.answer("evil.test").usable()).isTrue();

        bench.names.settings(denying("10.0.0.0/8"));

        assertThat(bench.answer("evil.test").problem()).contains(Problem.DENIED);
        bench.names.settings(ResolverBench.DEFAULTS);
        assertThat(bench.answer("evil.test").ipv4()).isEqualTo(addresses("10.1.2.3"));
    }

    private static DnsSettings denying(String... blocks) {
        return new DnsSettings(List.of(ResolverBench.SERVER), seconds(3), seconds(5), seconds(300), seconds(30), seconds(3), 8192, 64,
            Arrays.stream(blocks).map(block -> Cidr.parse(block).orElseThrow()).toList());
    }
}
