// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import java.util.Arrays;
import java.util.Random;

/** Small seeded damage to a connection's prelude. */
final class Mutations {
    private Mutations() {
    }

    static byte[] mutate(byte[] original, Random random) {
        byte[] bytes = original.clone();
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            int at = random.nextInt(bytes.length);
            bytes = switch (random.nextInt(6)) {
                case 0 -> set(bytes, at, random.nextInt(256));
                case 1 -> set(bytes, at, bytes[at] ^ 1 << random.nextInt(8));
                case 2 -> set(bytes, at, bytes[at] + 1);
                case 3 -> set(bytes, at, bytes[at] - 1);
                case 4 -> set(bytes, at, "A.-_\0zZ09".charAt(random.nextInt(9)));
                default -> repeat(bytes, at, random.nextInt(bytes.length));
            };
        }
        return random.nextInt(20) == 0 ? Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length)) : bytes;
    }

    private static byte[] set(byte[] bytes, int at, int octet) {
        bytes[at] = (byte) octet;
        return bytes;
    }

    /** Copies a short run over another place. */
    private static byte[] repeat(byte[] bytes, int from, int to) {
        int length = Math.min(4, bytes.length - Math.max(from, to));
        System.arraycopy(bytes, from, bytes, to, length);
        return bytes;
    }
}
