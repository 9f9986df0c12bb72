// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes ClientHellos, good and bad, byte by byte. Confined to one thread. */
final class ClientHelloBuilder {
    private int version = 0x0303;
    private byte[] sessionId = new byte[32];
    private byte[] cipherSuites = {0x13, 0x01, 0x13, 0x02};
    private byte[] compression = {0};
    private final ByteArrayOutputStream extensions = new ByteArrayOutputStream();
    private boolean withExtensions = true;
    private byte[] trailer = {};

    static ClientHelloBuilder clientHello() {
        return new ClientHelloBuilder();
    }

    ClientHelloBuilder version(int value) {
        version = value;
        return this;
    }

    ClientHelloBuilder sessionId(int length) {
        sessionId = new byte[length];
        return this;
    }

    ClientHelloBuilder cipherSuites(int length) {
        cipherSuites = new byte[length];
        return this;
    }

    ClientHelloBuilder compression(int length) {
        compression = new byte[length];
        return this;
    }

    ClientHelloBuilder withoutExtensions() {
        withExtensions = false;
        return this;
    }

    /** Bytes after the extensions, inside the ClientHello. */
    ClientHelloBuilder trailer(int length) {
        trailer = new byte[length];
        return this;
    }

    ClientHelloBuilder extension(int type, byte[] data) {
        extensions.writeBytes(concat(u16(type), vector16(data)));
        return this;
    }

    ClientHelloBuilder name(String host) {
        return extension(0, vector16(hostName(host)));
    }

    ClientHelloBuilder alpn(String... protocols) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (String protocol : protocols) {
            list.writeBytes(vector8(latin(protocol)));
        }
        return extension(16, vector16(list.toByteArray()));
    }

    /** The ClientHello without its handshake header. */
    byte[] body() {
        byte[] fixed = concat(u16(version), new byte[32], vector8(sessionId), vector16(cipherSuites), vector8(compression));
        return withExtensions ? concat(fixed, vector16(extensions.toByteArray()), trailer) : concat(fixed, trailer);
    }

    /** The handshake message. */
    byte[] message() {
        byte[] body = body();
        return concat(new byte[] {1, (byte) (body.length >> 16)}, u16(body.length), body);
    }

    /** The message in records of at most 2^14 bytes. */
    byte[] records() {
        return Records.sliced(message(), RecordReassembler.MAX_RECORD);
    }

    /** One entry of the list of server names. */
    static byte[] hostName(String host) {
        return concat(new byte[] {0}, vector16(latin(host)));
    }

    static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] vector8(byte[] data) {
        return concat(new byte[] {(byte) data.length}, data);
    }

    static byte[] vector16(byte[] data) {
        return concat(u16(data.length), data);
    }

    static byte[] u16(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
