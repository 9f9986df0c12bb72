// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramFault;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.ListenFailure;
import io.portunus.flow.spi.Transport;
import io.portunus.model.SocketTuning;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What real datagram sockets owe besides: addresses, sizes, ICMP, families, trains. On two loops. */
public abstract class DatagramSocketContract extends DatagramContract {
    private static final long SECONDS = 20;
    private static final Duration MOMENT = Duration.ofMillis(5);
    /** Longest datagram of UDP on IPv4. */
    private static final int LONGEST = 65_507;

    private Transport transport;

    /** Makes the one under test. */
    protected abstract Transport start(int loops) throws IOException;

    /** Ends it, with all that is open. */
    protected abstract void stop(Transport started);

    @BeforeEach
    void startTransport() throws IOException {
        transport = start(2);
    }

    @AfterEach
    void stopTransport() throws Exception {
        closeAll();
        stop(transport);
    }

    @Override
    protected Transport transport() {
        return transport;
    }

    @Override
    protected <T> T on(EventLoop loop, Callable<T> step) throws Exception {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                answer.complete(step.call());
            } catch (Throwable failed) {
                answer.completeExceptionally(failed);
            }
        });
        try {
            return answer.get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception known) {
                throw known;
            }
            throw new AssertionError(failed.getCause());
        }
    }

    @Override
    protected void settle() throws Exception {
        for (EventLoop loop : transport.loops()) {
            CompletableFuture<Boolean> reached = new CompletableFuture<>();
            loop.after(MOMENT, () -> reached.complete(true));
            assertThat(reached.get(SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static InetSocketAddress any(String literal) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), 0);
    }

    private DatagramPort client(InetSocketAddress of) throws Exception {
        return open(DatagramSpec.at(any(of.getAddress() instanceof Inet6Address ? "::" : "0.0.0.0")).connectedTo(of));
    }

    private int send(DatagramPort from, String... texts) throws Exception {
        return send(from, ANY_PORT, texts);
    }

    /** Answers what has come last. */
    private void answer(DatagramPort server) throws Exception {
        assertThat(on(server.loop(), () -> server.send(batch, 0, 1))).isEqualTo(1);
    }

    private void asksAndIsAnswered(DatagramPort server, InetAddress asked) throws Exception {
        DatagramPort client = client(new InetSocketAddress(asked, server.local().getPort()));
        send(client, "ask");

        assertThat(receive(server)).containsExactly("ask");
        assertThat(batch.peer(0)).isEqualTo(client.local());
        assertThat(batch.local(0)).isEqualTo(asked);
        answer(server);

        assertThat(receive(client)).containsExactly("ask");
        assertThat(batch.peer(0)).isEqualTo(client.peer().orElseThrow());
        assertThat(batch.local(0)).isEqualTo(client.local().getAddress());
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1,127.0.0.1", "127.0.0.2,127.0.0.2", "::1,::1", "0.0.0.0,127.0.0.1", "0.0.0.0,::1", "::,127.0.0.1", "::,::1"})
    void answersComeFromTheAddressThatWasAskedInEitherFamily(String bound, String asked) throws Exception {
        asksAndIsAnswered(open(DatagramSpec.at(any(bound))), InetAddress.ofLiteral(asked));
    }

    @Test
    void answersComeFromEachAddressOfTheMachine() throws Exception {
        DatagramPort server = open(DatagramSpec.at(any("0.0.0.0")));
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            for (InetAddress address : each.isUp() ? each.inetAddresses().toList() : List.<InetAddress>of()) {
                asksAndIsAnswered(server, address instanceof Inet6Address scoped && !scoped.isLinkLocalAddress()
                    ? InetAddress.getByAddress(scoped.getAddress()) : address);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0,127.0.0.1,::1", "::,::1,127.0.0.1"})
    void wildcardOfOneFamilyLeavesThePortToTheOther(String wildcard, String own, String other) throws Exception {
        DatagramPort server = open(new DatagramSpec(any(wildcard), Optional.empty(), SocketTuning.DEFAULT, true, false));
        int port = server.local().getPort();
        asksAndIsAnswered(server, InetAddress.ofLiteral(own));

        DatagramPort second = open(DatagramSpec.at(new InetSocketAddress(InetAddress.ofLiteral(other), port)));

        asksAndIsAnswered(second, InetAddress.ofLiteral(other));
    }

    @Test
    void longestAndShortestArriveWhole() throws Exception {
        DatagramBatch roomy = new DatagramBatch(4, DatagramBatch.MAX_BYTES);
        SocketTuning large = new SocketTuning(Duration.ZERO, Duration.ZERO, 0, Duration.ZERO, 4 * LONGEST, 4 * LONGEST);
        DatagramPort server = open(new DatagramSpec(ANY_PORT, Optional.empty(), large, false, false));
        DatagramPort client = open(new DatagramSpec(ANY_PORT, Optional.of(server.local()), large, false, false));
        byte[] pattern = new byte[LONGEST];
        for (int i = 0; i < pattern.length; i++) {
            pattern[i] = (byte) (i * 31 >> 3);
        }

        int sent = on(() -> {
            roomy.clear();
            for (int length : new int[] {LONGEST, 0, 1, LONGEST}) {
                roomy.add(ByteBuffer.wrap(pattern, 0, length));
            }
            return client.send(roomy, 0, 4);
        });

        assertThat(sent).isEqualTo(4);
        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < PATIENCE && lengths.size() < 4; i++) {
            settle();
            on(() -> {
                server.receive(roomy);
                for (int entry = 0; entry < roomy.count(); entry++) {
                    ByteBuffer came = ByteBuffer.allocate(roomy.length(entry));
                    roomy.copy(entry, came);
                    assertThat(came.flip()).isEqualTo(ByteBuffer.wrap(pattern, 0, roomy.length(entry)));
                    assertThat(roomy.truncated(entry)).isFalse();
                    lengths.add(roomy.length(entry));
                }
                return true;
            });
        }
        assertThat(lengths).containsExactly(LONGEST, 0, 1, LONGEST);
    }

    @Test
    void emptyOnesGoBothWays() throws Exception {
        DatagramPort server = open();
        DatagramPort client = client(server.local());

        assertThat(send(client, "", "a", "")).isEqualTo(3);

        assertThat(receiveAll(server)).containsExactly("", "a", "");
        assertThat(send(server, client.local(), "", "b")).isEqualTo(2);
        assertThat(receiveAll(client)).containsExactly("", "b");
    }

    @Test
    void oneThatFillsItsSlotIsWhole() throws Exception {
        DatagramPort server = open();
        DatagramBatch small = new DatagramBatch(3, 4);
        send(open(), server.local(), "0123", "01234", "0123");
        settle();

        assertThat(on(() -> server.receive(small))).isEqualTo(3);

        assertThat(List.of(small.truncated(0), small.truncated(1), small.truncated(2))).containsExactly(false, true, false);
        assertThat(text(small, 2)).isEqualTo("0123");
    }

    @Test
    void fullBatchGoesAtOnce() throws Exception {
        DatagramBatch full = new DatagramBatch(DatagramBatch.MAX_ENTRIES, 100);
        DatagramPort server = open();
        DatagramPort client = open();

        assertThat(on(() -> {
            full.clear();
            for (int i = 0; i < full.capacity(); i++) {
                full.peer(full.add(bytes(String.valueOf(i))), server.local());
            }
            return client.send(full, 0, full.count());
        })).isEqualTo(DatagramBatch.MAX_ENTRIES);
        settle();

        assertThat(on(() -> server.receive(full))).isEqualTo(DatagramBatch.MAX_ENTRIES);
        for (int i = 0; i < full.count(); i++) {
            assertThat(text(full, i)).isEqualTo(String.valueOf(i));
        }
    }

    /** The error of one is the answer of the system to the next, which is sent nevertheless. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void refusedOneGoesOnAndLosesNothingMore(String address) throws Exception {
        DatagramPort gone = open(DatagramSpec.at(any(address)));
        close(gone);
        DatagramPort client = client(gone.local());
        Notified notified = new Notified();
        on(() -> notified.asksForReads(client));
        assertThat(send(client, "a", "b", "c")).isEqualTo(3);
        notified.awaitReadable();
        assertThat(on(() -> notified.faults)).containsOnly(DatagramFault.REFUSED).isNotEmpty();
        on(() -> {
            client.interest(false, false);
            return true;
        });
        send(client, "d");

        DatagramPort back = open(DatagramSpec.at(gone.local()));
        assertThat(send(client, "e", "f", "g")).isEqualTo(3);

        assertThat(receiveAll(back)).containsExactly("e", "f", "g");
        assertThat(on(client::fault)).contains(DatagramFault.REFUSED);
        assertThat(on(client::fault)).isEmpty();
        send(back, client.local(), "h");
        assertThat(receive(client)).containsExactly("h");
    }

    /** As where the error comes while nobody asks for events, and a datagram behind it. */
    @Test
    void errorDoesNotHideWhatCame() throws Exception {
        DatagramPort server = open();
        DatagramPort client = client(server.local());
        send(server, client.local(), "before");
        close(server);
        send(client, "lost");
        settle();

        assertThat(receive(client)).containsExactly("before");
        assertThat(on(client::fault)).contains(DatagramFault.REFUSED);
    }

    @Test
    void oneThatIsTooLongIsLostAloneAndLearnt() throws Exception {
        DatagramBatch roomy = new DatagramBatch(2, DatagramBatch.MAX_BYTES);
        DatagramPort server = open();
        DatagramPort client = client(server.local());

        assertThat(on(() -> {
            roomy.clear();
            roomy.add(LONGEST + 1);
            roomy.add(bytes("next"));
            return client.send(roomy, 0, 2);
        })).isEqualTo(2);

        assertThat(receiveAll(server)).containsExactly("next");
        assertThat(on(client::fault)).contains(DatagramFault.TOO_LONG);
        assertThat(on(client::fault)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1,127.0.0.1", "::1,::1", "::,127.0.0.1"})
    void eachMarkTravelsInEitherFamily(String bound, String asked) throws Exception {
        assumeThat(unknown()).doesNotContain(Unknown.MARK);
        DatagramPort server = open(DatagramSpec.at(any(bound)));
        DatagramPort client = client(new InetSocketAddress(InetAddress.ofLiteral(asked), server.local().getPort()));
        on(() -> {
            batch.clear();
            for (int mark = 0; mark < 4; mark++) {
                batch.mark(batch.add(bytes("m" + mark)), 0, mark, false);
            }
            return client.send(batch, 0, 4);
        });

        assertThat(receive(server)).containsExactly("m0", "m1", "m2", "m3");
        List<Integer> marks = List.of(batch.ecn(0), batch.ecn(1), batch.ecn(2), batch.ecn(3));
        assertThat(marks).containsExactly(0, 1, 2, 3);
        assertThat(on(() -> server.send(batch, 0, 4))).isEqualTo(4);
        assertThat(receive(client)).hasSize(4);
        assertThat(batch.ecn(3)).isEqualTo(3);
    }

    /** Datagrams of what has come, trains cut. */
    private static List<String> cut(DatagramBatch of) {
        List<String> all = new ArrayList<>();
        for (int entry = 0; entry < of.count(); entry++) {
            String whole = text(of, entry);
            int size = of.segmentBytes(entry) == 0 ? Math.max(whole.length(), 1) : of.segmentBytes(entry);
            for (int at = 0; at == 0 || at < whole.length(); at += size) {
                all.add(whole.substring(at, Math.min(at + size, whole.length())));
            }
        }
        return all;
    }

    /** Sixty-four datagrams go by one call of the system, more do not. */
    @ParameterizedTest
    @CsvSource({"false,20,1200", "true,20,1200", "false,100,10", "true,100,10", "true,54,1200", "true,1,10"})
    void trainsAreTheSameDatagramsOneByOne(boolean trains, int count, int size) throws Exception {
        SocketTuning large = new SocketTuning(Duration.ZERO, Duration.ZERO, 0, Duration.ZERO, 1 << 20, 1 << 20);
        DatagramPort server = open(new DatagramSpec(ANY_PORT, Optional.empty(), large, false, trains));
        DatagramPort client = client(server.local());
        DatagramBatch roomy = new DatagramBatch(DatagramBatch.MAX_ENTRIES, DatagramBatch.MAX_BYTES);
        List<String> datagrams = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            datagrams.add((i + "-").repeat(size).substring(0, size));
        }
        datagrams.add("end");

        int sent = on(() -> {
            roomy.clear();
            roomy.mark(roomy.add(bytes(String.join("", datagrams))), size, 0, false);
            roomy.add(bytes("alone"));
            return client.send(roomy, 0, 2);
        });

        assertThat(sent).isEqualTo(2);
        datagrams.add("alone");
        List<String> came = new ArrayList<>();
        for (int i = 0; i < PATIENCE && came.size() < datagrams.size(); i++) {
            settle();
            came.addAll(on(() -> server.receive(roomy) > 0 ? cut(roomy) : List.of()));
        }
        assertThat(came).isEqualTo(datagrams);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void portsOnTheWildcardShareEachAddress(String asked) throws Exception {
        DatagramPort first = open(DatagramSpec.at(any("::")).sharing(DatagramSpec.Sharing.FIRST));
        DatagramPort second = open(transport.loops().getLast(), DatagramSpec.at(first.local()).sharing(DatagramSpec.Sharing.JOINS));
        InetSocketAddress to = new InetSocketAddress(InetAddress.ofLiteral(asked), first.local().getPort());
        for (int i = 0; i < 24; i++) {
            send(client(to), "ask");
        }

        List<String> ofFirst = receiveAll(first);
        List<String> ofSecond = receiveAll(second);

        assertThat(ofFirst).isNotEmpty();
        assertThat(ofSecond).isNotEmpty();
        assertThat(ofFirst.size() + ofSecond.size()).isEqualTo(24);
        assertThatThrownBy(() -> open(DatagramSpec.at(first.local()))).isInstanceOf(ListenException.class);
    }

    /** Whatever is done with those that follow each other, each arrives as it was, at the one it was for. */
    @Test
    void datagramsOfOneBatchStayThemselves() throws Exception {
        String[] texts = {"aaaaa", "bbbbb", "ccc", "ddddd", "", "eeeee", "fffffff", "ggggggg"};
        DatagramPort server = open();
        DatagramPort other = open(DatagramSpec.at(any("127.0.0.2")));
        DatagramBatch mixed = new DatagramBatch(DatagramBatch.MAX_ENTRIES, 100);
        DatagramPort from = open(DatagramSpec.at(any("0.0.0.0")));

        assertThat(send(client(server.local()), texts)).isEqualTo(texts.length);
        assertThat(receiveAll(server)).containsExactly(texts);
        assertThat(on(() -> {
            mixed.clear();
            for (int i = 0; i < 30; i++) {
                int entry = mixed.add(bytes("x" + i / 3 % 10));
                mixed.peer(entry, i % 6 < 3 ? server.local() : other.local());
                mixed.local(entry, InetAddress.ofLiteral(i % 6 == 1 ? "127.0.0.3" : "127.0.0.1"));
            }
            return from.send(mixed, 0, mixed.count());
        })).isEqualTo(30);

        assertThat(receiveAll(server)).containsExactly("x0", "x0", "x0", "x2", "x2", "x2", "x4", "x4", "x4", "x6", "x6", "x6", "x8", "x8", "x8");
        assertThat(receiveAll(other)).containsExactly("x1", "x1", "x1", "x3", "x3", "x3", "x5", "x5", "x5", "x7", "x7", "x7", "x9", "x9", "x9");
    }

    @Test
    void portIsFreeOnceItIsClosed() throws Exception {
        DatagramPort first = open();
        for (int i = 0; i < 100; i++) {
            close(first);
            first = open(DatagramSpec.at(first.local()));
        }
        assertThat(send(open(), first.local(), "there")).isEqualTo(1);
        assertThat(receive(first)).containsExactly("there");
    }

    @Test
    void closedOneIsNotNotified() throws Exception {
        DatagramPort server = open();
        Notified notified = new Notified();
        on(() -> notified.asksForReads(server));
        on(() -> {
            // On the same loop, so that no event can come between.
            DatagramPort client = transport.datagrams(server.loop(), DatagramSpec.at(ANY_PORT)).orElseThrow();
            batch.clear();
            batch.peer(batch.add(bytes("late")), server.local());
            client.send(batch, 0, 1);
            client.close();
            server.close();
            return true;
        });
        settle();

        assertThat(on(() -> notified.texts)).isEmpty();
    }

    @Test
    void noLoopSpinsWhereNobodyAsks() throws Exception {
        DatagramPort server = open();
        Notified notified = new Notified();
        on(() -> {
            notified.asksForReads(server);
            server.interest(false, false);
            return true;
        });
        send(open(), server.local(), "a", "b");
        DatagramPort gone = open();
        close(gone);
        DatagramPort refused = client(gone.local());
        on(() -> {
            refused.events(notified);
            refused.interest(false, true);
            return true;
        });
        send(refused, "nobody");
        settle();
        long thread = on(() -> Thread.currentThread().threadId());

        long before = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread);
        CompletableFuture<Boolean> second = new CompletableFuture<>();
        server.loop().after(Duration.ofSeconds(1), () -> second.complete(true));
        assertThat(second.get(SECONDS, TimeUnit.SECONDS)).isTrue();

        assertThat(ManagementFactory.getThreadMXBean().getThreadCpuTime(thread) - before).isLessThan(TimeUnit.MILLISECONDS.toNanos(200));
        assertThat(on(() -> notified.texts)).isEmpty();
    }

    @Test
    void addressThatIsNotOursIsRefusedAsSuch() {
        assertThatThrownBy(() -> open(DatagramSpec.at(any("192.0.2.1")))).isInstanceOfSatisfying(ListenException.class,
            refused -> assertThat(refused.failure().cause()).isEqualTo(ListenFailure.Cause.NOT_HERE));
        assertThatThrownBy(() -> open(DatagramSpec.at(InetSocketAddress.createUnresolved("no.name.invalid", 0))))
            .isInstanceOfSatisfying(ListenException.class, refused -> assertThat(refused.failure().cause()).isEqualTo(ListenFailure.Cause.OTHER));
    }
}
