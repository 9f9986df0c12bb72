// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.testkit;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A peer of {@link XorLayer} on a socket, as a client or as a target. For one thread a direction. */
public final class XorSocket {
    private final Socket socket;
    private final DataInputStream in;
    private byte[] record = {};
    private int taken;
    private boolean ended;

    private XorSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** The side that asks; the prelude is framed as a record of TLS. */
    public static XorSocket asks(Socket socket, byte[] prelude) throws IOException {
        XorSocket peer = new XorSocket(socket);
        socket.getOutputStream().write(prelude);
        peer.expect("XOR");
        socket.getOutputStream().write("ok".getBytes(StandardCharsets.US_ASCII));
        return peer;
    }

    /** The side that is asked. */
    public static XorSocket asked(Socket socket) throws IOException {
        XorSocket peer = new XorSocket(socket);
        byte[] header = new byte[XorLayer.PRELUDE_HEADER];
        peer.in.readFully(header);
        peer.in.readFully(new byte[Short.toUnsignedInt(ByteBuffer.wrap(header).getShort(3))]);
        socket.getOutputStream().write("XOR".getBytes(StandardCharsets.US_ASCII));
        peer.expect("ok");
        return peer;
    }

    private void expect(String word) throws IOException {
        byte[] expected = word.getBytes(StandardCharsets.US_ASCII);
        byte[] came = new byte[expected.length];
        in.readFully(came);
        if (!Arrays.equals(came, expected)) {
            throw new IOException("the handshake says " + Arrays.toString(came));
        }
    }

    /** Sends bytes as records. */
    public void send(byte[] bytes) throws IOException {
        output().write(bytes);
    }

    /** Sends the end, and then FIN. */
    public void end() throws IOException {
        socket.getOutputStream().write(new byte[XorLayer.HEADER]);
        socket.shutdownOutput();
    }

    /** Receives so many bytes, fewer only at the end. */
    public byte[] receive(int count) throws IOException {
        return input().readNBytes(count);
    }

    /** What the peer sends, to the end that it means; an end without that is an {@link EOFException}. */
    public InputStream input() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                if (length == 0 || !more()) {
                    return length == 0 ? 0 : -1;
                }
                int count = Math.min(length, record.length - taken);
                System.arraycopy(record, taken, to, offset, count);
                taken += count;
                return count;
            }
        };
    }

    private boolean more() throws IOException {
        if (taken == record.length && !ended) {
            record = new byte[in.readUnsignedShort()];
            in.readFully(record);
            mask(record);
            taken = 0;
            ended = record.length == 0;
        }
        return !ended;
    }

    /** Where bytes become records. */
    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet});
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int at = offset; at < offset + length; at += XorLayer.MAX_PAYLOAD) {
                    int count = Math.min(XorLayer.MAX_PAYLOAD, offset + length - at);
                    byte[] payload = Arrays.copyOfRange(bytes, at, at + count);
                    mask(payload);
                    socket.getOutputStream().write(ByteBuffer.allocate(XorLayer.HEADER + count).putShort((short) count).put(payload).array());
                }
            }
        };
    }

    private static void mask(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = XorLayer.masked(bytes[i]);
        }
    }
}
