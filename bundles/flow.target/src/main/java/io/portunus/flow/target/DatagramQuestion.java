// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.model.Probe.Ask;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Asks a target by datagrams: the same one {@value #TIMES} times at most within the time for the answer, since one may be lost, until a good answer
 * comes. Each address of a name has its share of the time. Blocks; called on virtual threads. Thread-safe: it has no state.
 */
final class DatagramQuestion {
    /** Datagrams to each address; one that is answered gets no second. */
    static final int TIMES = 3;
    /** Most that is read of an answer; what is behind it is not looked at. */
    private static final int MAX_ANSWER = 16 * 1024;
    private static final int DNS_HEADER = 12;
    /** Recursion is desired, one question, nothing else. */
    private static final int[] DNS_COUNTS = {0x0100, 1, 0, 0, 0};
    private static final int DNS_ANSWERS = 0x8000;
    private static final int DNS_CODE = 0x000f;
    private static final int DNS_NO_SUCH_NAME = 3;
    private static final int TYPE_A = 1;
    private static final int TYPE_NS = 2;
    private static final int CLASS_IN = 1;

    private final LongSupplier nanos;
    private final Supplier<RandomGenerator> chance;

    DatagramQuestion(Environment environment) {
        this.nanos = environment.nanos();
        this.chance = environment.chance();
    }

    /** The datagram of a question, and what a good answer to it is. */
    private interface Asked {
        byte[] bytes();

        boolean isGood(byte[] answer);
    }

    /** Asks at one address after the other, until one gives a good answer. */
    ProbeResult put(Ask.OfDatagrams ask, ProbePlan plan, List<InetAddress> addresses, long deadline) {
        ProbeResult last = ProbeResult.UNREACHABLE;
        for (int i = 0; i < addresses.size() && !last.good(); i++) {
            long now = nanos.getAsLong();
            long share = now + (deadline - now) / (addresses.size() - i);
            InetSocketAddress own = plan.source().map(source -> new InetSocketAddress(source, 0)).orElse(new InetSocketAddress(0));
            try (DatagramSocket socket = new DatagramSocket(own)) {
                socket.connect(new InetSocketAddress(addresses.get(i), plan.port()));
                last = ask(socket, asked(ask), plan.header().isPresent(), share);
            } catch (PortUnreachableException nobody) {
                last = ProbeResult.REFUSED;
            } catch (IOException noWay) {
                last = ProbeResult.UNREACHABLE;
            }
        }
        return last;
    }

    private ProbeResult ask(DatagramSocket socket, Asked asked, boolean headed, long deadline) throws IOException {
        byte[] question = headed ? behindHeader(asked.bytes()) : asked.bytes();
        ProbeResult heard = ProbeResult.TIMEOUT;
        for (int i = 0; i < TIMES && !heard.good(); i++) {
            socket.send(new DatagramPacket(question, question.length));
            long now = nanos.getAsLong();
            heard = hear(socket, asked, now + (deadline - now) / (TIMES - i), heard);
        }
        return heard;
    }

    /** Of version 2, whatever the target has: there is no other for datagrams. */
    private static byte[] behindHeader(byte[] bytes) {
        byte[] all = Arrays.copyOf(Question.LOCAL_V2, Question.LOCAL_V2.length + bytes.length);
        System.arraycopy(bytes, 0, all, Question.LOCAL_V2.length, bytes.length);
        return all;
    }

    /** Waits for a good answer; what became of it, or what had become of it before. */
    private ProbeResult hear(DatagramSocket socket, Asked asked, long until, ProbeResult before) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[MAX_ANSWER], MAX_ANSWER);
        ProbeResult heard = before;
        long left = TimeUnit.NANOSECONDS.toMillis(until - nanos.getAsLong());
        while (left > 0 && !heard.good()) {
            try {
                socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
                packet.setLength(MAX_ANSWER);
                socket.receive(packet);
                heard = asked.isGood(Arrays.copyOf(packet.getData(), packet.getLength())) ? ProbeResult.GOOD : ProbeResult.ANSWER;
            } catch (SocketTimeoutException silence) {
                return heard;
            }
            left = TimeUnit.NANOSECONDS.toMillis(until - nanos.getAsLong());
        }
        return heard;
    }

    private Asked asked(Ask.OfDatagrams ask) {
        return switch (ask) {
            case Ask.Datagram(String send, String expect) -> new Expecting(HexFormat.of().parseHex(send), HexFormat.of().parseHex(expect));
            case Ask.Dns dns -> new DnsQuestion(dns.name(), chance.get().nextInt(1 << Short.SIZE));
        };
    }

    /** Some bytes, and those that an answer must contain. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Expecting(byte[] bytes, byte[] expected) implements Asked {
        @Override
        public boolean isGood(byte[] answer) {
            return Question.indexOf(answer, answer.length, expected) >= 0;
        }
    }

    /** RFC 1035 §4.1: a question with one entry, and an answer that is of it and has no error but that there is no such name. */
    private record DnsQuestion(String name, int id) implements Asked {
        @Override
        public byte[] bytes() {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            put(out, id);
            Arrays.stream(DNS_COUNTS).forEach(count -> put(out, count));
            Arrays.stream(name.split("\\.")).filter(label -> !label.isEmpty()).forEach(label -> {
                byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
                out.write(bytes.length);
                out.writeBytes(bytes);
            });
            out.write(0);
            put(out, name.equals(".") ? TYPE_NS : TYPE_A);
            put(out, CLASS_IN);
            return out.toByteArray();
        }

        private static void put(ByteArrayOutputStream out, int sixteenBits) {
            out.write(sixteenBits >> Byte.SIZE);
            out.write(sixteenBits);
        }

        @Override
        public boolean isGood(byte[] answer) {
            if (answer.length < DNS_HEADER) {
                return false;
            }
            ByteBuffer header = ByteBuffer.wrap(answer);
            int flags = header.getShort(Short.BYTES);
            int code = flags & DNS_CODE;
            return Short.toUnsignedInt(header.getShort(0)) == id && (flags & DNS_ANSWERS) != 0 && (code == 0 || code == DNS_NO_SUCH_NAME);
        }
    }
}
