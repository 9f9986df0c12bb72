// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true", "192.0.2.0/24, 192.0.3.0, false", "192.0.2.128/25, 192.0.2.127, false",
        "0.0.0.0/0, 203.0.113.9, true", "192.0.2.7, 192.0.2.7, true", "192.0.2.7, 192.0.2.8, false",
        "2001:db8::/32, 2001:db8:ffff::1, true", "2001:db8::/32, 2001:db9::1, false", "::/0, 192.0.2.1, false",
        "192.0.2.0/24, ::ffff:192.0.2.1, true"
    })
    void knowsWhatItContains(String block, String address, boolean inside) {
        assertThat(Cidr.parse(block).orElseThrow().contains(IpLiterals.parse(address).orElseThrow())).isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "192.0.2.0/33", "192.0.2.1/24", "192.0.2.0/", "192.0.2.0/-1", "host/8", "2001:db8::/129", "192.0.2/24", "[::]/0"})
    void readsNothingElse(String text) {
        assertThat(Cidr.parse(text)).isEmpty();
    }

    @Test
    void agreesWithArithmeticForEveryPrefix() throws UnknownHostException {
        Random random = new Random(9);
        for (int width : new int[] {4, 16}) {
            for (int prefix = 0; prefix <= width * 8; prefix++) {
                byte[] network = new byte[width];
                random.nextBytes(network);
                BigInteger bits = new BigInteger(1, network).shiftRight(width * 8 - prefix);
                Cidr block = new Cidr(address(bits.shiftLeft(width * 8 - prefix), width), prefix);
                for (int flipped = 0; flipped < width * 8; flipped++) {
                    BigInteger other = new BigInteger(1, network).flipBit(flipped);

                    assertThat(block.contains(address(other, width))).isEqualTo(other.shiftRight(width * 8 - prefix).equals(bits));
                }
                assertThat(block).isEqualTo(Cidr.parse(block.toString()).orElseThrow()).hasSameHashCodeAs(Cidr.parse(block.toString()).orElseThrow());
            }
        }
    }

    private static InetAddress address(BigInteger bits, int width) throws UnknownHostException {
        byte[] all = new byte[width];
        byte[] some = bits.toByteArray();
        int count = Math.min(some.length, width);
        System.arraycopy(some, some.length - count, all, width - count, count);
        return InetAddress.getByAddress(all);
    }
}
