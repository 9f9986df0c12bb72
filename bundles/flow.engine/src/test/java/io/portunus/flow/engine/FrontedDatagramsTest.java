// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.DatagramDrop;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.memory.SampleFilter;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramFlow;
import io.portunus.flow.spi.DatagramHandler;
import io.portunus.flow.spi.DatagramListener;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.FilterVerdict;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.ListenerFilter;
import io.portunus.model.Cidr;
import io.portunus.model.Datagrams;
import io.portunus.model.Decision;
import io.portunus.model.Prelude;
import io.portunus.model.Protocol;
import io.portunus.model.ProxyTrust;
import io.portunus.model.Rule;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** P6: datagrams of sources that are trusted with a header; each has one, and is the client's that it declares. */
class FrontedDatagramsTest extends EngineSetup {
    private static final String BALANCER = "10.0.0.1";
    private static final InetSocketAddress NODE = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 53);
    private static final DeclaredOrigin NOBODY = new DeclaredOrigin(Optional.empty(), List.of());
    private static final Post UDP = new Post(Role.HANDLER, DatagramHandler.UDP);

    private final DatagramBatch batch = new DatagramBatch(8, 4096);
    private final Echo echo = new Echo();
    private final Counting filter = new Counting();

    /** Answers with the client that the datagram's session is of, and what the datagram has. */
    private static final class Echo implements DatagramHandler {
        final List<DatagramFlow> flows = new ArrayList<>();

        @Override
        public String kind() {
            return UDP;
        }

        @Override
        public void arrived(DatagramBatch batch, int first, int end, DatagramListener listener) {
            if (!(listener.routes().route(Prelude.NONE, batch.peer(first).getAddress()) instanceof Decision.Routed routed)) {
                listener.answer(batch, first, "no".getBytes(StandardCharsets.US_ASCII));
                listener.refused(CloseReason.SOURCE_DENIED, end - first);
                return;
            }
            DatagramFlow[] its = new DatagramFlow[1];
            listener.begin(batch, first, routed.route(), (from, one, last) -> answer(its[0], from, one, last)).ifPresent(flow -> {
                its[0] = flow;
                flows.add(flow);
                flow.onEnd(flow::closed);
                flow.routed(routed.route());
                answer(flow, batch, first, end);
            });
        }

        private static void answer(DatagramFlow flow, DatagramBatch from, int one, int last) {
            DatagramBatch answers = new DatagramBatch(8, 4096);
            for (int entry = one; entry < last; entry++) {
                ByteBuffer bytes = ByteBuffer.allocate(4096)
                    .put((flow.addresses().client().getAddress().getHostAddress() + " ").getBytes(StandardCharsets.US_ASCII));
                from.copy(entry, bytes);
                answers.add(bytes.flip());
            }
            flow.relayedIn(last - one, 0);
            flow.reply(answers, 0, answers.count());
        }
    }

    /** The sample's filter, and how often it was asked; it fails for a datagram that begins with "!", and takes too much of one with "+". */
    private static final class Counting implements ListenerFilter {
        int asked;

        @Override
        public String kind() {
            return PROXY;
        }

        @Override
        public Filtering begin(Protocol protocol) {
            assertThat(protocol).isEqualTo(Protocol.UDP);
            asked++;
            return new Filtering() {
                @Override
                public FilterVerdict filter(ByteBuffer bytes) {
                    return switch (bytes.limit() == 0 ? ' ' : bytes.get(0)) {
                        case '!' -> throw new IllegalStateException("it fails");
                        case '+' -> new FilterVerdict.Header(bytes.limit() + 1, NOBODY);
                        case '-' -> new FilterVerdict.Header(1, NOBODY);
                        case ' ' -> FilterVerdict.MORE;
                        default -> new SampleFilter().filter(bytes);
                    };
                }

                @Override
                public CloseReason tooLong() {
                    return SampleFilter.MALFORMED;
                }
            };
        }
    }

    @BeforeEach
    void run() {
        comes(echo, UDP, "x.udp", "1.0.0");
        comes(filter, Post.PROXY_IN, "x.proxy", "1.0.0");
        sink(new Records(records));
    }

    private static Rule trusting() {
        return rule("dns", 53, "").withProtocol(Protocol.UDP)
            .withProxyTrust(new ProxyTrust(List.of(Cidr.parse("10.0.0.0/8").orElseThrow()), ProxyTrust.DEFAULT_DEADLINE));
    }

    private DatagramPort from(String address, int port) throws ListenException {
        return transport.datagrams(loop, DatagramSpec.at(new InetSocketAddress(InetAddress.ofLiteral(address), port))).orElseThrow();
    }

    /** What comes back for datagrams that are sent together. */
    private List<String> ask(DatagramPort sender, String... texts) {
        batch.clear();
        for (String text : texts) {
            batch.peer(batch.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))), NODE);
        }
        sender.send(batch, 0, batch.count());
        List<String> answers = new ArrayList<>();
        while (sender.receive(batch) > 0) {
            for (int entry = 0; entry < batch.count(); entry++) {
                ByteBuffer bytes = ByteBuffer.allocate(batch.length(entry));
                batch.copy(entry, bytes);
                answers.add(new String(bytes.array(), StandardCharsets.US_ASCII));
            }
        }
        return answers;
    }

    private long refused(CloseReason reason) {
        return engine.counts().refusedDatagrams().getOrDefault(reason, 0L);
    }

    /** P6. */
    @Test
    void clientsBehindOneSocketHaveSessionsOfTheirOwn() throws ListenException {
        apply(trusting());
        DatagramPort balancer = from(BALANCER, 9);

        assertThat(ask(balancer, ">192.0.2.7;a", ">192.0.2.8;b", ">192.0.2.7;", ">192.0.2.7;c", ">192.0.2.8;d"))
            .containsExactly("192.0.2.7 a", "192.0.2.8 b", "192.0.2.7 ", "192.0.2.7 c", "192.0.2.8 d");
        assertThat(engine.flows()).extracting(FlowView::peer).containsExactlyInAnyOrder("192.0.2.7:7", "192.0.2.8:7");
        // The same client by another socket is another session: its answers go there.
        assertThat(ask(from(BALANCER, 10), ">192.0.2.7;e")).containsExactly("192.0.2.7 e");
        assertThat(echo.flows).hasSize(3);
        echo.flows.getFirst().closed(CloseReason.IDLE_TIMEOUT);
        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.peer().getAddress().getHostAddress()).isEqualTo("192.0.2.7");
            assertThat(record.datagramsIn()).isEqualTo(3);
        });
        assertThat(ask(balancer, ">192.0.2.7;f")).containsExactly("192.0.2.7 f");
        assertThat(echo.flows).hasSize(4);
    }

    @Test
    void aHeaderIsReadOnceASession() throws ListenException {
        apply(trusting());
        DatagramPort balancer = from(BALANCER, 9);
        for (int i = 0; i < 20; i++) {
            assertThat(ask(balancer, ">192.0.2.7;a", ">192.0.2.8;b")).containsExactly("192.0.2.7 a", "192.0.2.8 b");
        }

        assertThat(filter.asked).isEqualTo(2);
    }

    /** What is left over is of the measurement itself. */
    @Test
    void nothingIsMadeForADatagramWhoseHeaderIsKnown() throws ListenException {
        apply(trusting());
        assertThat(ask(from(BALANCER, 9), ">192.0.2.7;a")).hasSize(1);
        byte[] datagram = ">192.0.2.7;a".getBytes(StandardCharsets.US_ASCII);
        Fronts fronts = new Fronts();
        SessionKey sender = new SessionKey();
        put(datagram);
        FilterVerdict.Header header = (FilterVerdict.Header) new SampleFilter().filter(ByteBuffer.wrap(datagram));
        fronts.keep(Front.of(sender.of(batch, 0), batch, 0, header), (SessionFlow) echo.flows.getFirst());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 20_000; i++) {
            find(fronts, sender, datagram);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            find(fronts, sender, datagram);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }

    private void find(Fronts fronts, SessionKey sender, byte[] datagram) {
        put(datagram);
        Fronts.Known known = fronts.of(sender.of(batch, 0), batch, 0);
        if (known == null || known.strip(batch, 0, 1) != 1 || batch.length(0) != 1) {
            throw new AssertionError("it is known");
        }
    }

    private void put(byte[] datagram) {
        batch.clear();
        batch.memory().put(0, datagram);
        batch.add(datagram.length);
    }

    @Test
    void aSocketThatSendsForManyHasItsHeadersReadAnewAndItsSessionsKept() throws ListenException {
        engine.ceilings(ceilings(100, 2, 1 << 20));
        apply(trusting());
        DatagramPort balancer = from(BALANCER, 9);
        for (int round = 0; round < 2; round++) {
            for (int i = 1; i <= Fronts.MAX_OF_SOCKET + 1; i++) {
                assertThat(ask(balancer, ">192.0.2." + i + ";a")).containsExactly("192.0.2." + i + " a");
            }
        }
        assertThat(filter.asked).isEqualTo(2 * (Fronts.MAX_OF_SOCKET + 1));
        assertThat(echo.flows).hasSize(Fronts.MAX_OF_SOCKET + 1);
    }

    @Test
    void whoDeclaresNobodySendsForItself() throws ListenException {
        apply(trusting());

        assertThat(ask(from(BALANCER, 9), "-a", "-b", ">192.0.2.7;c")).containsExactly(BALANCER + " a", BALANCER + " b", "192.0.2.7 c");
        assertThat(echo.flows).hasSize(2);
    }

    @Test
    void whatHasNoGoodHeaderIsDroppedAndCountedAndOthersGoOn() throws ListenException {
        apply(trusting());
        DatagramPort balancer = from(BALANCER, 9);
        assertThat(ask(balancer, ">192.0.2.7;a", "plain", "", ">192.0.2.7", ">nobody;b", "!", "+", ">192.0.2.7;c"))
            .containsExactly("192.0.2.7 a", "192.0.2.7 c");

        assertThat(refused(SampleFilter.MISSING)).isOne();
        assertThat(refused(SampleFilter.MALFORMED)).isEqualTo(3);
        assertThat(refused(CloseReason.INTERNAL_ERROR)).isEqualTo(2);
        assertThat(engine.providers().stream().filter(its -> its.kind().equals("proxy")).findFirst().orElseThrow().faults()).isEqualTo(2);
        assertThat(echo.flows).hasSize(1);
        assertThat(records).isEmpty();
    }

    @Test
    void ofOthersNoHeaderIsLookedFor() throws ListenException {
        apply(trusting());

        assertThat(ask(from("198.51.100.7", 9), ">192.0.2.7;a", "b")).containsExactly("198.51.100.7 >192.0.2.7;a", "198.51.100.7 b");
        assertThat(filter.asked).isZero();
    }

    @Test
    void limitsAndMatchingAreOfTheDeclaredClient() throws ListenException {
        apply(trusting().withDatagrams(Datagrams.DEFAULT.with(new Datagrams.Caps(2, 1, false))));
        assertThat(ask(from(BALANCER, 9), ">192.0.2.7;a")).hasSize(1);

        assertThat(ask(from(BALANCER, 10), ">192.0.2.7;b")).isEmpty();
        assertThat(engine.counts().rules().getFirst().datagrams().dropped(DatagramDrop.SOURCE_OVERFLOW)).isOne();
        assertThat(ask(from(BALANCER, 11), ">192.0.2.8;c")).containsExactly("192.0.2.8 c");
    }

    @Test
    void withoutAFilterTheyAreDroppedAndSessionsGoOn() throws ListenException {
        apply(trusting());
        DatagramPort balancer = from(BALANCER, 9);
        assertThat(ask(balancer, ">192.0.2.7;a")).hasSize(1);
        engine.goes(filter);

        assertThat(ask(balancer, ">192.0.2.8;b", ">192.0.2.7;c")).containsExactly("192.0.2.7 c");
        assertThat(refused(CloseReason.NO_HANDLER)).isOne();
        assertThat(engine.lacks()).anySatisfy(problem -> assertThat(problem.path()).isEqualTo("filter.proxy"));
    }

    @Test
    void sessionsKeepWhatTheyBeganWithWhenTheTrustChanges() throws ListenException {
        apply(trusting());
        DatagramPort balancer = from(BALANCER, 9);
        assertThat(ask(balancer, ">192.0.2.7;a")).hasSize(1);
        apply(rule("dns", 53, "").withProtocol(Protocol.UDP));

        assertThat(ask(balancer, ">192.0.2.7;b", ">192.0.2.8;c")).containsExactly("192.0.2.7 b", BALANCER + " >192.0.2.8;c");
        apply(trusting());
        assertThat(ask(balancer, ">192.0.2.7;d", ">192.0.2.8;e")).containsExactly("192.0.2.7 d", BALANCER + " >192.0.2.8;e");
    }
}
