// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.Rule;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * What a shared cell counts for. Made of values of the JDK only, so that the keys of two versions of a bundle are equal. Immutable.
 *
 * @param scope what the key is of, and what the cell is for where a policy has several of one scope: {@code "source"}, {@code "rule/opened"}
 * @param name its name, where it has one; else empty
 * @param high number, the first half
 * @param low number, the second half
 */
public record CellKey(String scope, String name, long high, long low) {
    /** The only one of its scope. */
    public static CellKey of(String scope) {
        return new CellKey(scope, "", 0, 0);
    }

    /** One with a name, such as an owner. */
    public static CellKey of(String scope, String name) {
        return new CellKey(scope, name, 0, 0);
    }

    /** A rule, by its id. */
    public static CellKey of(String scope, Rule rule) {
        return new CellKey(scope, "", 0, rule.id());
    }

    /** A source: an IPv4 address, or of IPv6 the network of 64 bits, as who has one address there has all. */
    public static CellKey of(String scope, InetAddress source) {
        ByteBuffer bytes = ByteBuffer.wrap(source.getAddress());
        return bytes.remaining() == Integer.BYTES ? new CellKey(scope, "", 0, Integer.toUnsignedLong(bytes.getInt()))
            : new CellKey(scope, "", bytes.getLong(), 1);
    }

    /** A source of one rule. */
    public static CellKey of(String scope, Rule rule, InetAddress source) {
        CellKey its = of(scope, source);
        return new CellKey(scope, rule.idText(), its.high, its.low);
    }
}
