// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.NameAnswer.Problem;
import io.portunus.flow.spi.ServiceHost;
import io.portunus.model.ServiceNames;
import io.portunus.model.SocketAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The same over real sockets, from servers that behave and servers that do not. */
@Timeout(30)
class WireTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final List<InetAddress> ONE = List.of(InetAddress.ofLiteral("192.0.2.1"));
    private final Zone zone = new Zone().has("x.test", 60, "192.0.2.1", "2001:db8::1");
    private final DnsLoop loop = new DnsLoop();
    private FakeServer server;

    @BeforeEach
    void serve() throws IOException {
        server = new FakeServer(zone);
    }

    @AfterEach
    void end() throws IOException {
        loop.close();
        server.close();
    }

    private NameAnswer ask(String name, Duration timeout, InetSocketAddress... servers)
        throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<NameAnswer> answer = new CompletableFuture<>();
        names(timeout, servers).resolve(name, Runnable::run, answer::complete);
        return answer.get(20, TimeUnit.SECONDS);
    }

    private Names names(Duration timeout, InetSocketAddress... servers) {
        DnsSettings settings = new DnsSettings(List.of(servers), timeout, LONG, LONG, LONG, LONG, 10, 10);
        SystemNames system = new SystemNames(Path.of("no-hosts"), Path.of("no-resolv.conf"), InstantSource.system());
        return new Names(loop, loop, system, InstantSource.system(), new SecureRandom(), settings);
    }

    private static InetSocketAddress nobody() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return new InetSocketAddress(taken.getInetAddress(), taken.getLocalPort());
        }
    }

    @Test
    void asksForBothFamiliesOverUdp() throws Exception {
        NameAnswer answer = ask("x.test", LONG, server.address());

        assertThat(answer.ipv4()).isEqualTo(ONE);
        assertThat(answer.ipv6()).isEqualTo(List.of(InetAddress.ofLiteral("2001:db8::1")));
        assertThat(answer.server()).isEqualTo("127.0.0.1:" + server.address().getPort());
    }

    @Test
    void takesAnAnswerThatDoesNotFitOverTcp() throws Exception {
        String[] many = IntStream.range(1, 200).mapToObj(i -> "192.0.2." + i).toArray(String[]::new);
        zone.has("big.test", 60, many);
        server.datagrams = (_, answer) -> FakeServer.truncated(answer);
        server.chunk = 7;

        NameAnswer answer = ask("big.test", LONG, server.address());

        assertThat(answer.ipv4()).hasSize(Wanted.MAX_ADDRESSES).startsWith(InetAddress.ofLiteral("192.0.2.1"));
        assertThat(zone.asked()).hasSize(4);
    }

    @Test
    void asksTheNextServerWhenTcpBreaksOff() throws Exception {
        server.datagrams = (_, answer) -> FakeServer.truncated(answer);
        server.breaksOff = true;
        server.chunk = 7;

        try (FakeServer other = new FakeServer(new Zone().has("x.test", 60, "192.0.2.2"))) {
            assertThat(ask("x.test", LONG, server.address(), other.address()).ipv4()).containsExactly(InetAddress.ofLiteral("192.0.2.2"));
        }
        assertThat(ask("x.test", LONG, server.address()).problem()).contains(Problem.OTHER);
    }

    @Test
    void asksTheNextServerAtOnceWhenNobodyHasThePort() throws Exception {
        long before = System.nanoTime();

        NameAnswer answer = ask("x.test", Duration.ofSeconds(60), nobody(), server.address());

        assertThat(answer.ipv4()).isEqualTo(ONE);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LONG);
        assertThat(ask("x.test", LONG, nobody()).problem()).contains(Problem.OTHER);
    }

    @Test
    void asksTheNextServerWhenTheFirstIsSilent() throws Exception {
        try (FakeServer silent = new FakeServer(new Zone().silent("x.test"))) {
            NameAnswer answer = ask("x.test", Duration.ofSeconds(3), silent.address(), server.address());

            assertThat(answer.ipv4()).isEqualTo(ONE);
            assertThat(answer.server()).isEqualTo(SocketAddresses.text(server.address()));
        }
    }

    @Test
    void takesTheHostsOfAServiceOverTcpWhereTheyDoNotFit() throws Exception {
        zone.serves("_many._tcp.test", 60, IntStream.range(0, 200)
            .mapToObj(i -> i + " 1 " + (i + 1) + " host-" + i + ".test").toArray(String[]::new));
        server.datagrams = (_, answer) -> FakeServer.truncated(answer);
        server.chunk = 700;

        NameAnswer answer = ask("_many._tcp.test", LONG, server.address());

        assertThat(answer.hosts()).hasSize(ServiceNames.MAX_HOSTS).startsWith(new ServiceHost("host-0.test", 1, 0, 1))
            .endsWith(new ServiceHost("host-31.test", 32, 31, 1));
        assertThat(answer.server()).isEqualTo(SocketAddresses.text(server.address()));
    }

    @Test
    void endsInTimeWhenAllAreSilent() throws Exception {
        zone.silent("s.test");
        long before = System.nanoTime();

        assertThat(ask("s.test", Duration.ofMillis(300), server.address()).problem()).contains(Problem.TIMEOUT);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(Duration.ofMillis(300), LONG);
    }

    @Test
    void takesNoAnswerToAnotherQuestion() throws Exception {
        server.datagrams = (query, answer) -> {
            Message forged = new Message(query.getHeader().getID() ^ 1);
            Message other = new Zone().has("y.test", 60, "192.0.2.66").answer(Message.newQuery(
                org.xbill.DNS.Record.newRecord(Zone.name("y.test"), 1, 1))).orElseThrow();
            other.getHeader().setID(query.getHeader().getID());
            return List.of(new byte[] {1, 2, 3}, forged.toWire(), query.toWire(), other.toWire(), answer.toWire());
        };

        assertThat(ask("x.test", LONG, server.address()).ipv4()).isEqualTo(ONE);
    }

    /** C7: the number is right, and something else is not: class or type of the question, how many there are, what kind of message it is. */
    @Test
    void takesNoAnswerThatIsNoneToTheQuestion() throws Exception {
        server.datagrams = (query, answer) -> {
            Name name = query.getQuestion().getName();
            Message twice = answer.clone();
            twice.addRecord(query.getQuestion(), Section.QUESTION);
            Message update = answer.clone();
            update.getHeader().setOpcode(Opcode.UPDATE);
            Message none = forged(answer);
            return List.of(asked(forged(answer), name, Type.A, DClass.CH), asked(forged(answer), name, Type.TXT, DClass.IN), none.toWire(),
                twice.toWire(), update.toWire(), answer.toWire());
        };

        assertThat(ask("x.test", LONG, server.address()).ipv4()).isEqualTo(ONE);
    }

    private static Message forged(Message answer) {
        Message forged = new Message(answer.getHeader().getID());
        forged.getHeader().setFlag(Flags.QR);
        forged.addRecord(Zone.record(answer.getQuestion().getName(), 60, InetAddress.ofLiteral("192.0.2.66")), Section.ANSWER);
        return forged;
    }

    private static byte[] asked(Message forged, Name name, int type, int dclass) {
        forged.addRecord(org.xbill.DNS.Record.newRecord(name, type, dclass), Section.QUESTION);
        return forged.toWire();
    }

    /** C7: records of CHAOS in an answer of the right class. */
    @Test
    void takesNoAddressOfAnotherClass() throws Exception {
        server.datagrams = (_, answer) -> {
            Message chaos = new Message(answer.getHeader().getID());
            chaos.getHeader().setFlag(Flags.QR);
            chaos.addRecord(answer.getQuestion(), Section.QUESTION);
            chaos.addRecord(new ARecord(answer.getQuestion().getName(), DClass.CH, 60, InetAddress.ofLiteral("192.0.2.66")), Section.ANSWER);
            return List.of(chaos.toWire());
        };

        assertThat(ask("x.test", LONG, server.address()).usable()).isFalse();
    }

    @Test
    void takesAnAnswerThatIsSlowerThanOneAttempt() throws Exception {
        CountDownLatch secondAsked = new CountDownLatch(2);
        server.datagrams = (_, answer) -> {
            awaited(secondAsked);
            return List.of(answer.toWire());
        };
        try (FakeServer other = new FakeServer(new Zone().silent("x.test"))) {
            other.datagrams = (_, _) -> List.of();
            other.asked = secondAsked::countDown;

            NameAnswer answer = ask("x.test", Duration.ofSeconds(3), server.address(), other.address());

            assertThat(answer.ipv4()).isEqualTo(ONE);
            assertThat(answer.server()).isEqualTo(SocketAddresses.text(server.address()));
        }
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void asksPlainlyWhatKnowsNoExtensions() throws Exception {
        server.datagrams = (query, answer) -> {
            if (query.getOPT() == null) {
                return List.of(answer.toWire());
            }
            Header header = new Header(query.getHeader().getID());
            header.setFlag(Flags.QR);
            header.setRcode(Rcode.FORMERR);
            return List.of(header.toWire());
        };

        assertThat(ask("x.test", LONG, server.address()).ipv4()).isEqualTo(ONE);
    }

    @Test
    void endsItsThreadAndRefusesWork() {
        long threads = threads();
        DnsLoop other = new DnsLoop();
        assertThat(threads()).isEqualTo(threads + 1);

        other.close();

        assertThat(threads()).isEqualTo(threads);
        assertThatThrownBy(() -> other.execute(() -> { })).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void answersEveryCallerOnceEvenIfItEndsMeanwhile() throws Exception {
        DnsLoop ending = new DnsLoop();
        DnsSettings settings = new DnsSettings(List.of(server.address()), LONG, LONG, LONG, LONG, LONG, 10, 10);
        SystemNames system = new SystemNames(Path.of("no-hosts"), Path.of("no-resolv.conf"), InstantSource.system());
        Names names = new Names(ending, ending, system, InstantSource.system(), new SecureRandom(), settings);
        int callers = 8;
        int calls = 500;
        AtomicInteger answered = new AtomicInteger();
        CountDownLatch half = new CountDownLatch(callers * calls / 2);
        zone.silent("s.test");

        try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
            for (int caller = 0; caller < callers; caller++) {
                threads.execute(() -> {
                    for (int call = 0; call < calls; call++) {
                        half.countDown();
                        names.resolve(List.of("x.test", "s.test", "n" + call % 30 + ".test").get(call % 3), Runnable::run,
                            _ -> answered.incrementAndGet());
                    }
                });
            }
            assertThat(half.await(10, TimeUnit.SECONDS)).isTrue();
            names.close();
            ending.close();
        }

        assertThat(answered).hasValue(callers * calls);
    }

    @Test
    void outlivesAFault() throws Exception {
        loop.execute(() -> {
            throw new IllegalStateException("for the test");
        });

        assertThat(ask("x.test", LONG, server.address()).usable()).isTrue();
    }

    @Test
    void worksByItsOwnCheckWithoutLeavingAThread() {
        long threads = threads();

        assertThat(new DnsSelfCheck().run()).isEmpty();

        assertThat(threads()).isEqualTo(threads);
    }

    /** Ours, and those of dnsjava, of which there must be none. */
    private static long threads() {
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(t -> t.getName().startsWith("dnsjava"));
        return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().equals("flow-dns")).count();
    }
}
