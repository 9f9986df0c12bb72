// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A block of addresses (RFC 4632, RFC 4291 §2.3). Immutable. IPv4-mapped addresses count as IPv4 on both sides.
 *
 * @param network first address; the bits after the prefix are zero
 * @param prefix bits that count
 */
public record Cidr(InetAddress network, int prefix) {
    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if the prefix is too long, or bits after it are set
     */
    public Cidr {
        byte[] bytes = network.getAddress();
        if (prefix < 0 || prefix > bytes.length * Byte.SIZE) {
            throw new IllegalArgumentException("/" + prefix + " is no prefix of " + network.getHostAddress());
        }
        for (int bit = prefix; bit < bytes.length * Byte.SIZE; bit++) {
            if (bit(bytes, bit)) {
                throw new IllegalArgumentException(network.getHostAddress() + "/" + prefix + " has bits after its prefix");
            }
        }
    }

    /**
     * Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or a single address.
     *
     * @return empty if the text is none of them
     */
    public static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = IpLiterals.parse(slash < 0 ? text : text.substring(0, slash));
        String bits = slash < 0 ? "" : text.substring(slash + 1);
        if (address.isEmpty() || slash >= 0 && !bits.matches("[0-9]{1,3}")) {
            return Optional.empty();
        }
        try {
            int width = address.get().getAddress().length * Byte.SIZE;
            return Optional.of(new Cidr(address.get(), slash < 0 ? width : Integer.parseInt(bits)));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** Whether an address is in the block. */
    public boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            if (bit(mine, bit) != bit(other, bit)) {
                return false;
            }
        }
        return true;
    }

    private static boolean bit(byte[] bytes, int bit) {
        return (bytes[bit / Byte.SIZE] >> (Byte.SIZE - 1 - bit % Byte.SIZE) & 1) != 0;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }
}
