// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import java.nio.ByteBuffer;

/** Makes ClientHellos long by a padding extension (RFC 7685), which every server skips. */
final class LongClientHello {
    private static final int RECORD_HEADER = 5;
    private static final int HANDSHAKE_HEADER = 4;
    private static final int MAX_RECORD = 1 << 14;
    private static final int RANDOM_END = HANDSHAKE_HEADER + 2 + 32;
    private static final int PADDING = 21;

    private LongClientHello() {
    }

    /** The ClientHello in one record, padded until its records have about so many bytes. */
    static byte[] of(byte[] record, int bytes) {
        byte[] clientHello = new byte[record.length - RECORD_HEADER];
        System.arraycopy(record, RECORD_HEADER, clientHello, 0, clientHello.length);
        int records = (bytes + MAX_RECORD - 1) / MAX_RECORD;
        int padding = bytes - records * RECORD_HEADER - clientHello.length - 4;
        ByteBuffer message = ByteBuffer.allocate(clientHello.length + 4 + padding).put(clientHello);
        message.putShort((short) PADDING).putShort((short) padding);
        int length = message.capacity() - HANDSHAKE_HEADER;
        message.put(1, (byte) (length >> 16)).putShort(2, (short) length);
        int extensions = extensionsAt(message);
        message.putShort(extensions, (short) ((message.getShort(extensions) & 0xffff) + 4 + padding));
        return records(message.array());
    }

    private static int extensionsAt(ByteBuffer message) {
        int at = RANDOM_END;
        at += 1 + (message.get(at) & 0xff);
        at += 2 + (message.getShort(at) & 0xffff);
        return at + 1 + (message.get(at) & 0xff);
    }

    private static byte[] records(byte[] message) {
        int count = (message.length + MAX_RECORD - 1) / MAX_RECORD;
        ByteBuffer out = ByteBuffer.allocate(message.length + count * RECORD_HEADER);
        for (int from = 0; from < message.length; from += MAX_RECORD) {
            int fragment = Math.min(MAX_RECORD, message.length - from);
            out.put((byte) 22).putShort((short) 0x0301).putShort((short) fragment).put(message, from, fragment);
        }
        return out.array();
    }
}
