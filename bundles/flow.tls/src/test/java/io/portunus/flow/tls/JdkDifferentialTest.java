// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import static io.portunus.flow.tls.ClientHelloBuilder.clientHello;
import static io.portunus.flow.tls.ClientHelloBuilder.concat;
import static io.portunus.flow.tls.ClientHelloBuilder.hostName;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Differential: what the JDK's engine wrote we read, and where both read a name it is the same one. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class JdkDifferentialTest {
    private static final List<String> NAMES = List.of("a.example", "DB.Example.COM", "xn--bcher-kva.example", "localhost", "1.2.3.4.example",
            "a-b-c.d-e.example", "r3---sn-x.example", "a".repeat(63) + ".example", ("b".repeat(49) + ".").repeat(5) + "cc");
    private static final List<List<String>> PROTOCOLS = List.of(List.of(), List.of("h2", "http/1.1"), List.of("acme-tls/1"),
            IntStream.range(0, 90).mapToObj(i -> "p%03d".formatted(i) + "x".repeat(196)).toList());

    private final JdkClientHellos jdk = jdk();

    private static JdkClientHellos jdk() {
        try {
            return new JdkClientHellos();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3", "TLSv1.3,TLSv1.2"})
    void readsWhatTheJdkWrites(String protocol) throws SSLException {
        for (List<String> alpn : PROTOCOLS) {
            for (String name : NAMES) {
                assertReads(jdk.write(protocol, Optional.of(name), alpn), Optional.of(name.toLowerCase(Locale.ROOT)), alpn);
            }
            assertReads(jdk.write(protocol, Optional.empty(), alpn), Optional.empty(), alpn);
        }
    }

    private static void assertReads(byte[] bytes, Optional<String> name, List<String> alpn) {
        Verdict wanted = new Verdict.Recognised(new Prelude("tls", name, alpn.stream().limit(Alpn.MAX_SHOWN).toList(), false));

        assertThat(Records.verdict(bytes)).isEqualTo(wanted);
        assertThat(Records.byteByByte(bytes)).isEqualTo(wanted);
    }

    @Test
    void writesClientHellosOverMoreThanOneRecord() throws SSLException {
        assertThat(jdk.write("TLSv1.3", Optional.of("a.example"), PROTOCOLS.getLast())).hasSizeGreaterThan(16_384 + 1000);
    }

    @Test
    void seesTheNameTheJdkSees() throws SSLException {
        byte[] bytes = jdk.write("TLSv1.3,TLSv1.2", Optional.of("a.example"), List.of("h2"));

        assertThat(jdk.read(bytes)).contains("a.example");
    }

    @Test
    void neverReadsAnotherNameThanTheJdkFromMutatedClientHellos() throws SSLException {
        Random random = new Random(20_261_121);
        byte[] written = jdk.write("TLSv1.3,TLSv1.2", Optional.of("a.example"), List.of("h2"));
        byte[] twoNames = clientHello().extension(0, ClientHelloBuilder.vector16(concat(new byte[] {7, 0, 1, 'x'}, hostName("a.example")))).records();
        int named = 0;
        for (int i = 0; i < 6000; i++) {
            byte[] mutated = Mutations.mutate(i % 4 == 0 ? twoNames : written, random);
            Verdict ours = Records.verdict(mutated);
            assertThat(Records.byteByByte(mutated)).isEqualTo(ours);
            if (ours instanceof Verdict.Recognised match) {
                Optional<String> theirs = jdk.read(mutated).map(JdkDifferentialTest::normalised);
                theirs.ifPresent(name -> assertThat(match.prelude().serverName()).contains(name));
                named += theirs.isPresent() ? 1 : 0;
            }
        }

        assertThat(named).isGreaterThan(500);
    }

    private static String normalised(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    @Test
    void staysCalmWhateverComes() throws SSLException {
        Random random = new Random(42);
        byte[] small = jdk.write("TLSv1.3", Optional.of("a.example"), List.of("h2"));
        byte[] large = jdk.write("TLSv1.2", Optional.of("a.example"), PROTOCOLS.getLast());
        for (int i = 0; i < 100_000; i++) {
            byte[] mutated = Mutations.mutate(i % 50 == 0 ? large : small, random);
            int cut = random.nextInt(mutated.length + 1);
            assertThat(Records.verdict(mutated, cut, mutated.length)).isEqualTo(Records.verdict(mutated));
        }
    }
}
