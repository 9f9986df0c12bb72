// SPDX-License-Identifier: Apache-2.0
package com.example.mqtt;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/**
 * Looks for the head of a CONNECT packet (MQTT 5.0 §3.1): type 1 without flags, the remaining length, and the protocol's name and level.
 * Confined to one event loop.
 */
final class ConnectInspection implements Inspection {
    private static final byte CONNECT = 0x10;
    /** The remaining length takes at most this many bytes (§1.5.5). */
    private static final int MAX_LENGTH_BYTES = 4;
    private static final byte[] MQTT = {0, 4, 'M', 'Q', 'T', 'T'};
    /** The name of version 3.1 (level 3), which is still about. */
    private static final byte[] MQISDP = "\0\6MQIsdp".getBytes(StandardCharsets.US_ASCII);
    static final Verdict NO = Verdict.foreign("no CONNECT packet");
    /** A reason of its own: it is MQTT, and nobody else's connection. */
    static final CloseReason LEVEL_NOT_WANTED = new CloseReason("mqtt.level_not_wanted", CloseReason.Side.SELF,
        "The client speaks a level of MQTT that the node does not take.");
    static final Verdict OTHER_LEVEL = Verdict.flawed(LEVEL_NOT_WANTED, "a level that is not wanted");
    private static final byte[] NOTHING_TO_SAY = {};

    private final Predicate<Byte> wanted;
    private final Runnable recognised;

    /** Looks for a level that is wanted. */
    ConnectInspection(Predicate<Byte> wanted, Runnable recognised) {
        this.wanted = wanted;
        this.recognised = recognised;
    }

    @Override
    public Verdict inspect(ByteBuffer bytes) {
        if (bytes.limit() == 0) {
            return Verdict.MORE;
        }
        if (bytes.get(0) != CONNECT) {
            return NO;
        }
        int name = 1;
        while (name <= MAX_LENGTH_BYTES && name < bytes.limit() && bytes.get(name) < 0) {
            name++;
        }
        name++;
        if (name > MAX_LENGTH_BYTES + 1) {
            return NO;
        }
        boolean mqtt = startsWith(bytes, name, MQTT);
        boolean mqisdp = startsWith(bytes, name, MQISDP);
        if (!mqtt && !mqisdp) {
            return NO;
        }
        int end = name + (mqtt ? MQTT.length : MQISDP.length);
        if (bytes.limit() <= end) {
            return Verdict.MORE;
        }
        byte level = bytes.get(end);
        if (mqtt ? level != 4 && level != 5 : level != 3) {
            return NO;
        }
        if (!wanted.test(level)) {
            return OTHER_LEVEL;
        }
        recognised.run();
        return new Verdict.Recognised(Prelude.of(MqttInspector.KIND));
    }

    /** Whether the bytes from a place on are the word, as far as they are there. */
    private static boolean startsWith(ByteBuffer bytes, int from, byte[] word) {
        for (int i = 0; i < word.length && from + i < bytes.limit(); i++) {
            if (bytes.get(from + i) != word[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public byte[] refusal(CloseReason reason) {
        return NOTHING_TO_SAY;
    }
}
