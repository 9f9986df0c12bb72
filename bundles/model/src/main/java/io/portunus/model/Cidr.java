// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A block of addresses (RFC 4632, RFC 4291 §2.3). Immutable. IPv4-mapped addresses count as IPv4 on both sides.
 */
public final class Cidr {
    private final InetAddress network;
    private final int prefix;
    /** The network once more: the JDK copies the bytes of an address each time it is asked for them. */
    private final byte[] bytes;

    /**
     * Checks the parts.
     *
     * @param network first address; the bits after the prefix are zero
     * @param prefix bits that count
     * @throws IllegalArgumentException if the prefix is too long, or bits after it are set
     */
    public Cidr(InetAddress network, int prefix) {
        this.network = network;
        this.prefix = prefix;
        this.bytes = network.getAddress();
        if (prefix < 0 || prefix > bytes.length * Byte.SIZE) {
            throw new IllegalArgumentException("/" + prefix + " is no prefix of " + IpLiterals.text(network));
        }
        for (int bit = prefix; bit < bytes.length * Byte.SIZE; bit++) {
            if ((bytes[bit / Byte.SIZE] >> (Byte.SIZE - 1 - bit % Byte.SIZE) & 1) != 0) {
                throw new IllegalArgumentException(IpLiterals.text(network) + "/" + prefix + " has bits after its prefix");
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

    /** First address. */
    public InetAddress network() {
        return network;
    }

    /** Bits that count. */
    public int prefix() {
        return prefix;
    }

    /** Whether an address is in the block. Whoever asks several blocks asks with the bytes, which are copied here. */
    public boolean contains(InetAddress address) {
        return contains(address.getAddress());
    }

    /** Whether the address of these bytes, 4 or 16, is in the block. Allocates nothing. */
    public boolean contains(byte[] address) {
        if (address.length != bytes.length) {
            return false;
        }
        int whole = prefix / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (bytes[i] != address[i]) {
                return false;
            }
        }
        int left = prefix % Byte.SIZE;
        return left == 0 || (bytes[whole] ^ address[whole]) >> (Byte.SIZE - left) == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cidr that && prefix == that.prefix && network.equals(that.network);
    }

    @Override
    public int hashCode() {
        return network.hashCode() * 31 + prefix;
    }

    @Override
    public String toString() {
        return IpLiterals.text(network) + "/" + prefix;
    }
}
