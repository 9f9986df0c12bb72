// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {
    @ParameterizedTest
    @CsvSource({"10MiB/s, 10485760", "80Mbit/s, 10000000", "80 Mbit/s, 10000000", "1kB/s, 1000", "1KB/s, 1000", "1KiB/s, 1024", "1.5GB/s, 1500000000",
        "9bit/s, 1", "0B/s, 0", "1Tbit/s, 125000000000", "8Kibit/s, 1024"})
    void ratesAreReadWithTheirUnits(String text, long bytes) {
        assertThat(Rate.perSecond(text)).contains(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "10MiB", "MiB/s", "-1B/s", "10 MiB / s", "10mib/s", "10kiB/s", "1e3B/s", "1,5MB/s", "99999999999999999TiB/s",
        "1.00000000000000000000000000000000000B/s"})
    void whatIsWrittenInAnotherWayIsNoRate(String text) {
        assertThat(Rate.perSecond(text)).isEmpty();
    }

    @Test
    void amountsHaveNoTime() {
        assertThat(Rate.bytes("64KiB")).contains(65536L);
        assertThat(Rate.bytes("64KiB/s")).isEmpty();
    }

    private static Map<String, Object> limits(long rate, long burst) {
        return Map.of(RateLimit.BANDWIDTH_IN_BPS, rate, RateLimit.BANDWIDTH_IN_BURST, burst);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, true", "1, 60, true", "1, 61, false", "99, 1, true", "200, 1, false", "200, 2, true", "200, 12000, true", "200, 12001, false",
        "200, 0, false", "125000000000, 7500000000000, true"})
    void burstIsAHundredthToSixtyTimesItsRate(long rate, long burst, boolean right) {
        assertThat(RateLimit.check(new PolicySettings(limits(rate, burst))).isEmpty()).isEqualTo(right);
    }

    @Test
    void everythingThatIsWrongIsReported() {
        assertThat(RateLimit.check(new PolicySettings(Map.of(RateLimit.BANDWIDTH_IN_BPS, 0L, RateLimit.BANDWIDTH_OUT_BURST, 1L,
            RateLimit.CONCURRENT_CONNECTIONS, 0L, RateLimit.CONCURRENT_CONNECTIONS_BURST, 1L)))).extracting(RateLimit.Flaw::code).containsExactly(
            RuleCode.RATE_LIMIT_BURST_UNSUPPORTED, RuleCode.RATE_LIMIT_CAP_ZERO,
            RuleCode.RATE_LIMIT_BURST_WITHOUT_RATE, RuleCode.RATE_LIMIT_CAP_ZERO);
    }
}
