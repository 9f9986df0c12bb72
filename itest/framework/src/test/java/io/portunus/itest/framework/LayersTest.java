// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.framework;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ListenerView;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.spi.BulkLane;
import io.portunus.flow.spi.BulkPath;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamLayer;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import io.portunus.itest.testkit.XorLayer;
import io.portunus.itest.testkit.XorSocket;
import io.portunus.model.Layers;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.model.Sockets;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.junit5.context.BundleContextExtension;

/** Streams that are wrapped by a layer of somebody else's, on real sockets of both transports. */
@ExtendWith(BundleContextExtension.class)
@Timeout(60)
class LayersTest {
    private static final byte[] WORDS = "there and back again".getBytes(US_ASCII);
    private static final byte[] PRELUDE = {22, 3, 1, 0, 2, 'h', 'i'};
    /** More than all buffers between two sockets hold. */
    private static final int MANY = 24 << 20;
    private static final Layers CLIENT_SIDE = new Layers(Optional.of(XorLayer.KIND), Optional.empty());
    private static final Layers TARGET_SIDE = new Layers(Optional.empty(), Optional.of(XorLayer.KIND));
    private static final Layers BOTH_SIDES = new Layers(Optional.of(XorLayer.KIND), Optional.of(XorLayer.KIND));

    private BundleContext context;
    private Node node;
    private Optional<ServiceRegistration<StreamLayer>> registration = Optional.empty();
    private int port;

    @BeforeEach
    void start(@InjectBundleContext BundleContext bundle) {
        context = bundle;
        node = Node.start(bundle);
        port = Ports.free();
    }

    @AfterEach
    void stop() {
        leave();
        node.close();
    }

    private void serve(XorLayer layer) {
        registration = Optional.of(context.registerService(StreamLayer.class, layer, null));
    }

    private void leave() {
        registration.ifPresent(ServiceRegistration::unregister);
        registration = Optional.empty();
    }

    private void publish(String transport, Rule rule, Layers layers) {
        Sockets its = rule.sockets();
        node.publish(rule.withSockets(new Sockets(its.downstream(), its.upstream(), its.source(), Optional.of(transport), layers)));
        assertThat(node.engine().listeners()).extracting(ListenerView::transport).containsExactly(transport);
    }

    private ProviderView layer() {
        return node.service(FlowVersions.class).providers().stream().filter(p -> p.role() == ProviderView.Role.LAYER).findFirst().orElseThrow();
    }

    private void awaitEnd(CloseReason reason) {
        Await.until("a flow ends as " + reason.code(), Node.SOON,
            () -> Optional.ofNullable(node.engine().counts().closed().get(reason)).filter(count -> count > 0).isPresent());
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Something that is done beside the test. */
    private interface Task<T> {
        T run() throws Exception;
    }

    private static <T> CompletableFuture<T> beside(Task<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                done.complete(task.run());
            } catch (Throwable failed) {
                done.completeExceptionally(failed);
            }
        });
        return done;
    }

    private static <T> T soon(CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void clientSpeaksTheLayerAndTheTargetDoesNot(String transport) throws Exception {
        serve(new XorLayer());
        try (Backend backend = Backend.echo()) {
            publish(transport, Rules.plain(port, backend.port()), CLIENT_SIDE);
            try (Client client = Client.connect(port)) {
                XorSocket secured = XorSocket.asks(client.socket(), PRELUDE);
                secured.send(WORDS);
                assertThat(secured.receive(WORDS.length)).isEqualTo(WORDS);
                assertThat(node.engine().flows()).singleElement()
                    .satisfies(flow -> assertThat(flow.handlers()).containsKey(context.getBundle().getSymbolicName()));

                secured.end();

                assertThat(secured.receive(1)).as("the end is one that is meant").isEmpty();
                assertThat(client.socket().getInputStream().read()).isEqualTo(-1);
            }
            awaitEnd(CloseReason.COMPLETED);
            assertThat(layer().active()).isZero();
            assertThat(layer().closed()).containsEntry(CloseReason.COMPLETED, 1L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void halfCloseGoesThroughEachWay(String transport) throws Exception {
        serve(new XorLayer());
        try (Backend backend = Backend.start(socket -> {
            XorSocket peer = XorSocket.asked(socket);
            peer.send(peer.input().readAllBytes());
            peer.end();
        })) {
            publish(transport, Rules.plain(port, backend.port()), BOTH_SIDES);
            try (Client client = Client.connect(port)) {
                XorSocket secured = XorSocket.asks(client.socket(), PRELUDE);
                secured.send(WORDS);
                secured.end();

                assertThat(secured.input().readAllBytes()).as("after the client's end").isEqualTo(WORDS);
            }
            awaitEnd(CloseReason.COMPLETED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void targetThatEndsFirstIsStillTalkedTo(String transport) throws Exception {
        serve(new XorLayer());
        CompletableFuture<byte[]> came = new CompletableFuture<>();
        try (Backend backend = Backend.start(socket -> {
            socket.getOutputStream().write(WORDS);
            socket.shutdownOutput();
            came.complete(socket.getInputStream().readAllBytes());
        })) {
            publish(transport, Rules.plain(port, backend.port()), CLIENT_SIDE);
            try (Client client = Client.connect(port)) {
                XorSocket secured = XorSocket.asks(client.socket(), PRELUDE);
                assertThat(secured.input().readAllBytes()).isEqualTo(WORDS);

                secured.send(WORDS);
                secured.end();

                assertThat(soon(came)).isEqualTo(WORDS);
            }
            awaitEnd(CloseReason.COMPLETED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void resetOfTheTargetResetsTheClient(String transport) throws Exception {
        serve(new XorLayer());
        try (Backend backend = Backend.start(socket -> {
            socket.getInputStream().readNBytes(WORDS.length);
            socket.setSoLinger(true, 0);
        })) {
            publish(transport, Rules.plain(port, backend.port()), CLIENT_SIDE);
            try (Client client = Client.connect(port)) {
                XorSocket secured = XorSocket.asks(client.socket(), PRELUDE);
                secured.send(WORDS);

                assertThatThrownBy(() -> secured.receive(1)).isInstanceOf(SocketException.class);
            }
            awaitEnd(CloseReason.UPSTREAM_RESET);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void resetOfTheClientAndAnEndThatIsNotMeantResetTheTarget(String transport) throws Exception {
        serve(new XorLayer());
        for (boolean truncated : new boolean[] {false, true}) {
            CompletableFuture<Throwable> came = new CompletableFuture<>();
            try (Backend backend = Backend.start(socket -> {
                try {
                    socket.getOutputStream().write(socket.getInputStream().readNBytes(WORDS.length));
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                    came.complete(new EOFException("it ended"));
                } catch (SocketException reset) {
                    came.complete(reset);
                }
            })) {
                publish(transport, Rules.plain(port, backend.port()), CLIENT_SIDE);
                try (Client client = Client.connect(port)) {
                    XorSocket secured = XorSocket.asks(client.socket(), PRELUDE);
                    secured.send(WORDS);
                    assertThat(secured.receive(WORDS.length)).as("it is open both ways").isEqualTo(WORDS);
                    if (!truncated) {
                        client.socket().setSoLinger(true, 0);
                    }
                }

                assertThat(soon(came)).isInstanceOf(SocketException.class);
            }
        }
        awaitEnd(CloseReason.DOWNSTREAM_RESET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void slowReaderHoldsTheOtherSideBackEachWay(String transport) throws Exception {
        serve(new XorLayer());
        byte[] noise = noise(MANY);
        CompletableFuture<Boolean> go = new CompletableFuture<>();
        try (Backend backend = Backend.start(socket -> {
            soonUnchecked(go);
            byte[] all = socket.getInputStream().readNBytes(MANY);
            assertThat(Arrays.equals(all, noise)).isTrue();
            socket.getOutputStream().write(all);
            socket.shutdownOutput();
        })) {
            publish(transport, Rules.plain(port, backend.port()), CLIENT_SIDE);
            try (Client client = Client.connect(port)) {
                XorSocket secured = XorSocket.asks(client.socket(), PRELUDE);
                CompletableFuture<Boolean> sent = beside(() -> {
                    secured.send(noise);
                    secured.end();
                    return true;
                });
                awaitStill(1);
                assertThat(sent).isNotDone();
                assertThat(node.engine().counts().capacity().bufferedBytes()).isLessThan(512 * 1024);
                go.complete(true);
                assertThat(soon(sent)).isTrue();
                awaitStill(MANY + 1L);
                assertThat(node.engine().counts().capacity().bufferedBytes()).isLessThan(512 * 1024);
                assertThat(Arrays.equals(secured.input().readAllBytes(), noise)).isTrue();
            }
            awaitEnd(CloseReason.COMPLETED);
        }
        Await.until("all memory is given back", Node.SOON, () -> node.engine().counts().capacity().bufferedBytes() == 0);
    }

    private static void soonUnchecked(CompletableFuture<Boolean> future) {
        future.orTimeout(30, TimeUnit.SECONDS).join();
    }

    private long moved() {
        return node.engine().flows().stream().mapToLong(flow -> flow.bytesIn() + flow.bytesOut()).sum();
    }

    /** Waits until as much was moved, and nothing moves any more. */
    private void awaitStill(long atLeast) {
        long[] before = {-1, 0};
        Await.until("nothing moves", Node.SOON, () -> {
            long now = moved();
            before[1] = now >= atLeast && now == before[0] ? before[1] + 1 : 0;
            before[0] = now;
            return before[1] > 5;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void whatWasReadForRoutingIsWhatTheLayerReadsFirst(String transport) throws Exception {
        serve(new XorLayer());
        try (Backend backend = Backend.echo()) {
            publish(transport, Rules.named(port, "a.example", backend.port()), CLIENT_SIDE);
            try (Client client = Client.connect(port)) {
                XorSocket secured = XorSocket.asks(client.socket(), Client.clientHello("a.example"));
                secured.send(WORDS);

                assertThat(secured.receive(WORDS.length)).isEqualTo(WORDS);
                assertThat(node.engine().flows()).singleElement().extracting(FlowView::serverName).isEqualTo(Optional.of("a.example"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void bulkIsCopiedThroughLayersOnBothSidesAndSplicedWithout(String transport) throws Exception {
        serve(new XorLayer());
        byte[] noise = noise(MANY);
        try (Backend secure = Backend.start(socket -> {
            XorSocket peer = XorSocket.asked(socket);
            peer.input().transferTo(peer.output());
            peer.end();
        }); Backend plain = Backend.start(socket -> {
            socket.getInputStream().transferTo(socket.getOutputStream());
            socket.shutdownOutput();
        })) {
            publish(transport, Rules.plain(port, secure.port()), BOTH_SIDES);
            try (Client client = Client.connect(port)) {
                XorSocket secured = XorSocket.asks(client.socket(), PRELUDE);
                assertThat(Arrays.equals(exchange(secured.input(), secured.output(), noise), noise)).isTrue();
            }
            publish(transport, Rules.plain(port, plain.port()), Layers.NONE);
            try (Client client = Client.connect(port)) {
                assertThat(Arrays.equals(exchange(client.socket().getInputStream(), client.socket().getOutputStream(), noise), noise)).isTrue();
            }
        }
        assertThat(layer().faults()).isZero();
    }

    /** Writes down whether streams have descriptors, and has no lanes. */
    private record Descriptors(Queue<Boolean> known) implements BulkPath {
        @Override
        public String name() {
            return "descriptors";
        }

        @Override
        public Optional<Problem> unavailable() {
            return Optional.empty();
        }

        @Override
        public Optional<BulkLane> open(Stream source, Stream sink) {
            known.add(source.descriptor() >= 0 && sink.descriptor() >= 0);
            return Optional.empty();
        }
    }

    @Test
    void nothingGoesPastALayerAndWhatHasNoneMay() throws Exception {
        serve(new XorLayer());
        Queue<Boolean> known = new ConcurrentLinkedQueue<>();
        ServiceRegistration<BulkPath> path = context.registerService(BulkPath.class, new Descriptors(known),
            FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_RANKING, Integer.MAX_VALUE)));
        byte[] noise = noise(MANY);
        try (Backend backend = Backend.echo()) {
            publish("epoll", Rules.plain(port, backend.port()), CLIENT_SIDE);
            try (Client client = Client.connect(port)) {
                XorSocket secured = XorSocket.asks(client.socket(), PRELUDE);
                exchange(secured.input(), secured.output(), noise);
            }
            assertThat(known).isNotEmpty().containsOnly(false);
            known.clear();
            publish("epoll", Rules.plain(port, backend.port()), Layers.NONE);
            try (Client client = Client.connect(port)) {
                exchange(client.socket().getInputStream(), client.socket().getOutputStream(), noise);
            }
            assertThat(known).isNotEmpty().containsOnly(true);
        } finally {
            path.unregister();
        }
    }

    private static byte[] exchange(InputStream in, OutputStream out, byte[] bytes) throws Exception {
        CompletableFuture<Boolean> sent = beside(() -> {
            out.write(bytes);
            return true;
        });
        byte[] back = in.readNBytes(bytes.length);
        assertThat(soon(sent)).isTrue();
        return back;
    }

    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void targetSpeaksTheLayerAndTheClientDoesNot(String transport) throws Exception {
        serve(new XorLayer());
        try (Backend backend = Backend.start(socket -> {
            XorSocket peer = XorSocket.asked(socket);
            peer.input().transferTo(peer.output());
            peer.end();
        })) {
            publish(transport, Rules.plain(port, backend.port()), TARGET_SIDE);
            try (Client client = Client.connect(port)) {
                assertThat(client.exchange(WORDS)).isEqualTo(WORDS);
                client.socket().shutdownOutput();
                assertThat(client.socket().getInputStream().read()).isEqualTo(-1);
            }
            awaitEnd(CloseReason.COMPLETED);
        }
    }

    @ParameterizedTest
    @EnumSource(XorLayer.Point.class)
    void layerThatThrowsLosesItsOwnFlowOnly(XorLayer.Point where) throws Exception {
        serve(XorLayer.broken(where));
        try (Backend backend = Backend.echo(); Backend other = Backend.echo()) {
            int plain = Ports.free();
            Rule wrapped = Rules.plain(port, backend.port());
            node.publish(wrapped.withSockets(wrapped.sockets().withLayers(CLIENT_SIDE)), Rules.plain(plain, other.port()));
            try (Client whole = Client.connect(plain); Client client = Client.connect(port)) {
                assertThat(whole.exchange(WORDS)).isEqualTo(WORDS);
                conversation(client);
                Await.until("only the other flow is left", Node.SOON, () -> node.engine().flows().size() == 1);
                assertThat(whole.exchange(WORDS)).isEqualTo(WORDS);
            }
        }
        if (layer().faults() > 0) {
            assertThat(node.engine().counts().closed().get(CloseReason.INTERNAL_ERROR)).as("broken at %s", where).isEqualTo(1);
        }
        assertThat(layer().faults()).as("broken at %s", where).isLessThanOrEqualTo(1);
        assertThat(layer().active()).isZero();
        Await.until("all memory is given back", Node.SOON, () -> node.engine().counts().capacity().bufferedBytes() == 0);
    }

    /** As far as it goes. */
    private static void conversation(Client client) {
        try {
            XorSocket secured = XorSocket.asks(client.socket(), PRELUDE);
            secured.send(WORDS);
            secured.receive(WORDS.length);
            secured.end();
            secured.receive(1);
            client.socket().close();
        } catch (IOException over) {
            assertThat(over).isNotNull();
        }
    }

    @Test
    void withoutTheLayerItsRuleTakesNothingAndOthersGoOn() throws Exception {
        try (Backend backend = Backend.echo()) {
            int plain = Ports.free();
            Rule wrapped = Rules.plain(port, backend.port());
            node.publish(wrapped.withSockets(wrapped.sockets().withLayers(CLIENT_SIDE)), Rules.plain(plain, backend.port()));
            try (Client client = Client.connect(plain)) {
                assertThat(client.exchange(WORDS)).isEqualTo(WORDS);
            }
            try (Client client = Client.connect(port)) {
                assertThat(client.isReset()).isTrue();
            }
            awaitEnd(CloseReason.NO_HANDLER);
            assertThat(node.readiness(200)).contains("no layer xor is running");

            serve(new XorLayer());

            try (Client client = Client.connect(port)) {
                XorSocket secured = XorSocket.asks(client.socket(), PRELUDE);
                secured.send(WORDS);
                assertThat(secured.receive(WORDS.length)).isEqualTo(WORDS);
            }
        }
    }

    @Test
    void flowKeepsTheLayerItBeganWith() throws Exception {
        serve(new XorLayer());
        FlowVersions versions = node.service(FlowVersions.class);
        String bundle = context.getBundle().getSymbolicName();
        String version = context.getBundle().getVersion().toString();
        try (Backend backend = Backend.echo()) {
            publish("xnio", Rules.plain(port, backend.port()), CLIENT_SIDE);
            try (Client client = Client.connect(port)) {
                XorSocket secured = XorSocket.asks(client.socket(), PRELUDE);
                secured.send(WORDS);
                assertThat(secured.receive(WORDS.length)).isEqualTo(WORDS);

                leave();

                assertThat(versions.held(bundle, version)).isEqualTo(1);
                secured.send(WORDS);
                assertThat(secured.receive(WORDS.length)).isEqualTo(WORDS);
            }
            Await.until("it is let go", Node.SOON, () -> versions.held(bundle, version) == 0);
        }
    }

    @Test
    void somethingElseThanTheHandshakeIsRefused() throws Exception {
        serve(new XorLayer());
        try (Backend backend = Backend.echo()) {
            publish("epoll", Rules.plain(port, backend.port()), CLIENT_SIDE);
            try (Client client = Client.connect(port)) {
                client.send(PRELUDE);
                assertThat(client.receive(3)).asString(US_ASCII).isEqualTo("XOR");
                client.send("no".getBytes(US_ASCII));
                assertThat(client.isOver()).isTrue();
            }
            awaitEnd(CloseReason.SECURE_FAILED);
            assertThat(backend.accepted()).isZero();
            assertThat(layer().faults()).isZero();
        }
    }
}
