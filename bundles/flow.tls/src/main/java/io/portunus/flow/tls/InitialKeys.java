// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of one side's Initial packets (RFC 9001 §5.2). Whoever sees the packets can derive them: they keep nothing secret, but prove that a
 * packet is whole and that who wrote it knows the connection's first destination id. Immutable.
 */
final class InitialKeys {
    /** Bytes that encryption adds to a packet, RFC 9001 §5.3. */
    static final int TAG_BYTES = 16;
    /** Bytes of a packet that its header is protected with, RFC 9001 §5.4.3. */
    static final int SAMPLE_BYTES = 16;

    private static final int SECRET_BYTES = 32;
    private static final int KEY_BYTES = 16;
    private static final int IV_BYTES = 12;
    private static final String AES = "AES";

    private final byte[] key;
    private final byte[] iv;
    private final byte[] headerKey;

    /** Those with these bytes, which are shared and not to be changed. */
    InitialKeys(byte[] key, byte[] iv, byte[] headerKey) {
        this.key = key;
        this.iv = iv;
        this.headerKey = headerKey;
    }

    /** Those that a client writes with that chose this destination id for its first packet. */
    static InitialKeys ofClient(QuicVersion version, byte[] destination) {
        return derive(version, destination, "client in");
    }

    /** Those that the server answers that client with. */
    static InitialKeys ofServer(QuicVersion version, byte[] destination) {
        return derive(version, destination, "server in");
    }

    private static InitialKeys derive(QuicVersion version, byte[] destination, String side) {
        try {
            KDF hkdf = KDF.getInstance("HKDF-SHA256");
            byte[] secret = hkdf.deriveData(HKDFParameterSpec.ofExtract().addIKM(destination).addSalt(version.salt())
                .thenExpand(info(side, SECRET_BYTES), SECRET_BYTES));
            SecretKey of = new SecretKeySpec(secret, "Generic");
            String labels = version.labels();
            return new InitialKeys(expand(hkdf, of, labels + "key", KEY_BYTES), expand(hkdf, of, labels + "iv", IV_BYTES),
                expand(hkdf, of, labels + "hp", KEY_BYTES));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("HKDF is in every JDK", impossible);
        }
    }

    private static byte[] expand(KDF hkdf, SecretKey secret, String label, int bytes) throws GeneralSecurityException {
        return hkdf.deriveData(HKDFParameterSpec.expandOnly(secret, info(label, bytes), bytes));
    }

    /** HkdfLabel of RFC 8446 §7.1, without a context. */
    private static byte[] info(String label, int bytes) {
        byte[] text = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(Short.BYTES + 1 + text.length + 1).putShort((short) bytes).put((byte) text.length).put(text).array();
    }

    /** What the first byte and the packet number of a header are covered with, RFC 9001 §5.4.3: made of a sample that begins there. */
    byte[] mask(byte[] bytes, int sample) {
        try {
            // One block, and RFC 9001 asks for this mode: it hides nothing here, it stirs.
            Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(headerKey, AES));
            return cipher.doFinal(bytes, sample, SAMPLE_BYTES);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("AES is in every JDK", impossible);
        }
    }

    /**
     * Decrypts what follows a header.
     *
     * @param header as it was before it was protected, from its first byte to the last one of the packet number
     * @return the frames; empty when the packet is not what was written with these keys
     */
    Optional<byte[]> open(long packetNumber, byte[] header, byte[] bytes, int from, int to) {
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, packetNumber, header);
            return Optional.of(cipher.doFinal(bytes, from, to - from));
        } catch (AEADBadTagException forged) {
            return Optional.empty();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("AES-GCM is in every JDK", impossible);
        }
    }

    /** Encrypts frames that follow a header. */
    byte[] seal(long packetNumber, byte[] header, byte[] frames) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, packetNumber, header).doFinal(frames);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("AES-GCM is in every JDK", impossible);
        }
    }

    private Cipher cipher(int mode, long packetNumber, byte[] header) throws GeneralSecurityException {
        byte[] nonce = iv.clone();
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[IV_BYTES - 1 - i] ^= (byte) (packetNumber >>> Byte.SIZE * i);
        }
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, AES), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(header);
        return cipher;
    }
}
