// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.contracts;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Protection of the Initial packets of one side, as RFC 9001 §5 has it and out of HMAC alone. Immutable. */
final class InitialProtection {
    static final int TAG_BYTES = 16;

    private static final int SECRET_BYTES = 32;
    private static final int KEY_BYTES = 16;
    private static final int IV_BYTES = 12;
    private static final int LONGEST_NUMBER = 4;
    private static final int PROTECTED_BITS = 0x0f;

    private final byte[] key;
    private final byte[] iv;
    private final byte[] headerKey;

    private InitialProtection(byte[] key, byte[] iv, byte[] headerKey) {
        this.key = key;
        this.iv = iv;
        this.headerKey = headerKey;
    }

    static InitialProtection derive(byte[] salt, byte[] destination, String side, String labels) {
        byte[] secret = expand(hmac(salt, destination), side, SECRET_BYTES);
        return new InitialProtection(expand(secret, labels + "key", KEY_BYTES), expand(secret, labels + "iv", IV_BYTES),
            expand(secret, labels + "hp", KEY_BYTES));
    }

    /** HKDF-Expand-Label with no context; one block is enough for all that is asked here. */
    private static byte[] expand(byte[] secret, String label, int bytes) {
        byte[] text = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
        byte[] info = Initials.concat(new byte[] {0, (byte) bytes, (byte) text.length}, text, new byte[] {0, 1});
        return Arrays.copyOf(hmac(secret, info), bytes);
    }

    private static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /**
     * Puts a packet together.
     *
     * @param numberBytes how many bytes at the end of the header are the packet number
     */
    byte[] seal(long number, byte[] header, int numberBytes, byte[] frames) {
        try {
            byte[] packet = Initials.concat(header, cipher(Cipher.ENCRYPT_MODE, number, header).doFinal(frames));
            int at = header.length - numberBytes;
            // Frames that are too few to take a sample of have no protection that anybody could take off again.
            if (packet.length >= at + LONGEST_NUMBER + KEY_BYTES) {
                cover(packet, at, numberBytes, mask(packet, at));
            }
            return packet;
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /**
     * Opens a packet, and nothing behind it.
     *
     * @param at where its number is
     */
    Optional<byte[]> open(byte[] packet, int at) {
        try {
            byte[] mask = mask(packet, at);
            int numberBytes = ((packet[0] ^ mask[0]) & 3) + 1;
            cover(packet, at, numberBytes, mask);
            long number = 0;
            for (int i = 0; i < numberBytes; i++) {
                number = number << Byte.SIZE | packet[at + i] & 0xff;
            }
            int from = at + numberBytes;
            return Optional.of(cipher(Cipher.DECRYPT_MODE, number, Arrays.copyOf(packet, from)).doFinal(packet, from, packet.length - from));
        } catch (AEADBadTagException other) {
            return Optional.empty();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private Cipher cipher(int mode, long number, byte[] header) throws GeneralSecurityException {
        byte[] nonce = iv.clone();
        for (int i = 0; i < Integer.BYTES; i++) {
            nonce[IV_BYTES - 1 - i] ^= (byte) (number >>> Byte.SIZE * i);
        }
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(header);
        return cipher;
    }

    private byte[] mask(byte[] packet, int at) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(headerKey, "AES"));
        return cipher.doFinal(packet, at + LONGEST_NUMBER, KEY_BYTES);
    }

    private static void cover(byte[] packet, int at, int numberBytes, byte[] mask) {
        packet[0] ^= (byte) (mask[0] & PROTECTED_BITS);
        for (int i = 0; i < numberBytes; i++) {
            packet[at + i] ^= mask[1 + i];
        }
    }
}
