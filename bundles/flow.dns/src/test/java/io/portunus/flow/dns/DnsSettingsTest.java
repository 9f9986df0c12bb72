// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be configured. */
class DnsSettingsTest {
    private static DnsConfig config(String... servers) {
        return config(Map.of("servers", servers));
    }

    /** What is not given is as the configuration has it by default. */
    private static DnsConfig config(Map<String, Object> given) {
        return (DnsConfig) Proxy.newProxyInstance(DnsConfig.class.getClassLoader(), new Class<?>[] {DnsConfig.class},
            (_, method, _) -> given.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    @Test
    void readsServersWithAndWithoutPort() {
        assertThat(DnsSettings.of(config("192.0.2.53", "192.0.2.53:5353", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:5353")).servers())
            .containsExactly(at("192.0.2.53", 53), at("192.0.2.53", 5353), at("2001:db8::1", 53), at("2001:db8::1", 53), at("2001:db8::1", 5353));
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dns.example", "192.0.2.53:", "192.0.2.53:0", "192.0.2.53:65536", "[192.0.2.53:53", "[2001:db8::1]x", "1.2.3"})
    void refusesWhatIsNoServer(String text) {
        assertThatThrownBy(() -> DnsSettings.of(config(text))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("servers");
    }

    /** A5: what the file allows. */
    @Test
    void takesTheExtremesThatTheFileAllows() {
        DnsSettings most = DnsSettings.of(config(Map.of("timeout_ms", 60_000L, "min_ttl_ms", 86_400_000L, "max_ttl_ms", 86_400_000L,
            "stale_ms", 86_400_000L, "negative_ttl_ms", 3_600_000L, "max_names", 65_536, "max_lookups", 1024)));
        DnsSettings least = DnsSettings.of(config(Map.of("timeout_ms", 100L, "min_ttl_ms", 1000L, "max_ttl_ms", 1000L, "stale_ms", 0L,
            "negative_ttl_ms", 0L, "max_names", 1, "max_lookups", 1)));

        assertThat(most.minTtl()).isEqualTo(Duration.ofDays(1));
        assertThat(least.negativeTtl()).isZero();
    }

    @Test
    void clampsTimesToLive() {
        DnsSettings settings = DnsSettings.of(config());

        assertThat(settings.clamped(Duration.ofDays(1))).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.negative(Duration.ZERO)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void startsChangesAndEndsAsAComponent() {
        DnsComponent component = new DnsComponent(config("192.0.2.53"));

        assertThatThrownBy(() -> component.modified(config("nonsense"))).isInstanceOf(IllegalArgumentException.class);
        component.modified(config());
        assertThat(component.give()).containsKeys("kept", "names");
        component.deactivate();

        assertThat(component.known("x.test")).isEmpty();
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(t -> t.getName().equals("flow-dns"));
    }
}
