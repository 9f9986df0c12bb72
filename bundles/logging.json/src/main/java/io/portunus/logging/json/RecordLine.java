// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.portunus.flow.api.RecordField;
import io.portunus.model.SocketAddresses;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One JSON line while it is written, in bytes that are used again for the next, so that a line makes nothing. Pure ASCII, as {@link Json}
 * writes: what is none is escaped, and half a character is replaced. Confined to one thread.
 */
final class RecordLine {
    /** Longest line; a longer one is none. A datagram holds it with its header. */
    static final int MAX_BYTES = 60 * 1024;
    private static final int FIRST_BYTES = 1024;
    private static final int REPLACEMENT = 0xfffd;
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(US_ASCII);
    private static final byte[] NULL = "null".getBytes(US_ASCII);
    private static final byte[] UNICODE = "\\u".getBytes(US_ASCII);
    private static final long NANOS = 1_000_000_000;

    /** Grows to {@link #MAX_BYTES} at most, and keeps what it has grown to. */
    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;
    private boolean tooLong;
    /** Numbers and addresses on their way into the bytes. */
    private final StringBuilder text = new StringBuilder(128);
    /** Of each field by its place what the line before had, which the line of the next flow may have again, and its bytes. */
    private final Kept[] kept = Stream.generate(Kept::new).limit(RecordField.codes().size()).toArray(Kept[]::new);
    private long second = Long.MIN_VALUE;
    /** The timestamp of {@link #second} up to its point. */
    private byte[] untilMillis = {};

    /** A value and its bytes, used again for other values, so that flows by turns make nothing. */
    private static final class Kept {
        /** Longest that is kept. */
        static final int MAX_BYTES = 512;
        private @Nullable Object of;
        private byte[] bytes = {};
        private int length;
    }

    /** Writes what {@link #keep} kept, if it is of the very same object; whether it was. */
    @SuppressWarnings("ReferenceEquality")
    boolean again(int place, Object value) {
        Kept its = kept[place];
        if (its.of != value) {
            return false;
        }
        if (room(its.length)) {
            System.arraycopy(its.bytes, 0, bytes, length, its.length);
            length += its.length;
        }
        return true;
    }

    /** Keeps what was written of a value, from a byte on. */
    void keep(int place, Object value, int from) {
        int count = length - from;
        if (tooLong || count > Kept.MAX_BYTES) {
            return;
        }
        Kept its = kept[place];
        if (its.bytes.length < count) {
            its.bytes = new byte[Math.max(count, 64)];
        }
        System.arraycopy(bytes, from, its.bytes, 0, count);
        its.of = value;
        its.length = count;
    }

    /** Begins another line. */
    void clear() {
        length = 0;
        tooLong = false;
    }

    /** The bytes, of which the first {@link #length} are the line. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Whether it does not fit, and is to be thrown away. */
    boolean tooLong() {
        return tooLong;
    }

    /** Bytes as they are. */
    void raw(byte[] some) {
        if (room(some.length)) {
            System.arraycopy(some, 0, bytes, length, some.length);
            length += some.length;
        }
    }

    void raw(char ascii) {
        if (room(1)) {
            bytes[length++] = (byte) ascii;
        }
    }

    private boolean room(int more) {
        int wanted = length + more;
        if (wanted > bytes.length && wanted <= MAX_BYTES) {
            bytes = Arrays.copyOf(bytes, Math.min(MAX_BYTES, Math.max(wanted, 2 * bytes.length)));
        }
        tooLong |= wanted > MAX_BYTES;
        return !tooLong;
    }

    void nothing() {
        raw(NULL);
    }

    /** A text in quotes; null if it is empty. */
    void string(CharSequence value) {
        if (value.isEmpty()) {
            nothing();
            return;
        }
        quoted(value, 0);
    }

    /** A text in quotes from a character on. */
    void quoted(CharSequence value, int from) {
        raw('"');
        int at = plain(value, from);
        for (; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c >= ' ' && c < 0x80 && c != '"' && c != '\\') {
                raw(c);
            } else {
                escaped(value, at, c);
            }
        }
        raw('"');
    }

    /** Writes characters that are none but themselves, as all usually are; where that ends. */
    private int plain(CharSequence value, int from) {
        int at = from;
        int end = room(value.length() - from) ? value.length() : from;
        while (at < end) {
            char c = value.charAt(at);
            if (c < ' ' || c >= 0x80 || c == '"' || c == '\\') {
                return at;
            }
            bytes[length++] = (byte) c;
            at++;
        }
        return at;
    }

    private void escaped(CharSequence value, int at, char c) {
        switch (c) {
            case '"', '\\' -> shortly(c);
            case '\b' -> shortly('b');
            case '\t' -> shortly('t');
            case '\n' -> shortly('n');
            case '\f' -> shortly('f');
            case '\r' -> shortly('r');
            default -> unicode(whole(value, at, c) ? c : REPLACEMENT);
        }
    }

    private void shortly(char c) {
        raw('\\');
        raw(c);
    }

    /** Whether a surrogate has its other half beside it. */
    private static boolean whole(CharSequence value, int at, char c) {
        if (Character.isHighSurrogate(c)) {
            return at + 1 < value.length() && Character.isLowSurrogate(value.charAt(at + 1));
        }
        return !Character.isLowSurrogate(c) || at > 0 && Character.isHighSurrogate(value.charAt(at - 1));
    }

    private void unicode(int c) {
        raw(UNICODE);
        if (room(4)) {
            for (int shift = 12; shift >= 0; shift -= 4) {
                bytes[length++] = HEX[c >> shift & 0xf];
            }
        }
    }

    void number(long value) {
        text.setLength(0);
        ascii(text.append(value));
    }

    /** A number of 64 bits without a sign, in quotes. */
    void unsigned(long value) {
        text.setLength(0);
        text.append('"');
        if (value < 0) {
            text.append(Long.divideUnsigned(value, 10)).append(Long.remainderUnsigned(value, 10));
        } else {
            text.append(value);
        }
        ascii(text.append('"'));
    }

    /** Milliseconds with three decimals, which are microseconds. */
    void millis(long nanos) {
        long micros = nanos / 1000;
        text.setLength(0);
        thousandths(text.append(micros / 1000).append('.'), (int) (micros % 1000));
        ascii(text);
    }

    private static void thousandths(StringBuilder to, int value) {
        to.append((char) ('0' + value / 100)).append((char) ('0' + value / 10 % 10)).append((char) ('0' + value % 10));
    }

    /** A moment after another, in quotes, as {@link Json#TIMESTAMP} has it. */
    void timestamp(Instant from, long nanosAfter) {
        long nanos = from.getNano() + nanosAfter % NANOS;
        long its = from.getEpochSecond() + nanosAfter / NANOS + nanos / NANOS;
        if (its != second) {
            String whole = Json.TIMESTAMP.format(Instant.ofEpochSecond(its));
            untilMillis = ("\"" + whole.substring(0, whole.lastIndexOf('.') + 1)).getBytes(US_ASCII);
            second = its;
        }
        raw(untilMillis);
        text.setLength(0);
        thousandths(text, (int) (nanos % NANOS / 1_000_000));
        ascii(text.append("Z\""));
    }

    void address(InetSocketAddress address) {
        text.setLength(0);
        string(SocketAddresses.append(text, address));
    }

    void target(Target target) {
        text.setLength(0);
        target.address().append(text);
        string(text);
    }

    /** Several targets as one text; null if there is none. */
    void targets(List<Target> targets) {
        text.setLength(0);
        for (int i = 0; i < targets.size(); i++) {
            if (i > 0) {
                text.append(", ");
            }
            targets.get(i).address().append(text);
        }
        string(text);
    }

    private void ascii(StringBuilder some) {
        int count = some.length();
        if (room(count)) {
            for (int i = 0; i < count; i++) {
                bytes[length++] = (byte) some.charAt(i);
            }
        }
    }
}
