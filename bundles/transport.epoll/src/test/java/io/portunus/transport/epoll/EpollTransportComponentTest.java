// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.ListenSpec;
import io.portunus.flow.spi.Transport;
import io.portunus.linux.api.SocketLibc;
import io.portunus.linux.api.SystemCalls;
import io.portunus.linux.ffm.SystemCallsComponent;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** When there is a transport, and what becomes of it when its calls come and go. */
@Timeout(20)
class EpollTransportComponentTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final List<Transport> offered = new ArrayList<>();
    private final BundleContext context = proxy(BundleContext.class, arguments -> {
        offered.add((Transport) arguments[1]);
        return proxy(ServiceRegistration.class, none -> {
            offered.clear();
            return offered;
        });
    });
    private final EpollTransportComponent component = new EpollTransportComponent();

    /** Answers a call of the framework. */
    private interface Answer {
        Object to(Object... arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer.to(arguments)));
    }

    @AfterEach
    void stop() {
        component.deactivate();
    }

    private void start(SystemCalls calls) throws Exception {
        component.bindCalls(calls);
        component.start(context);
    }

    private BoundSocket listen() throws Exception {
        return offered.getFirst().listen(ListenSpec.at(ANY_PORT, 16), stream -> {
            stream.write(stream.loop().scratch().put((byte) 1).flip());
            stream.close();
        });
    }

    private static void serves(BoundSocket bound) throws Exception {
        try (Socket client = new Socket(bound.address().getAddress(), bound.address().getPort())) {
            assertThat(client.getInputStream().read()).isEqualTo(1);
        }
    }

    @Test
    void offersTheTransportWhereItWorks() throws Exception {
        start(new SystemCallsComponent());

        assertThat(offered).singleElement().satisfies(transport -> {
            assertThat(transport.name()).isEqualTo("epoll");
            assertThat(transport.loops()).hasSize(Runtime.getRuntime().availableProcessors());
        });
    }

    @Test
    void offersNothingWhereTheTrialFails() throws Exception {
        start(new FailingLibc().fails("listen", SocketLibc.EADDRINUSE));

        assertThat(offered).isEmpty();
        component.bindCalls(new SystemCallsComponent());
    }

    @Test
    void newerCallsTakeThePlaceOfOlderOnesAndTheTransportStays() throws Exception {
        FailingLibc older = new FailingLibc();
        start(older);
        Transport before = offered.getFirst();
        try (BoundSocket bound = listen()) {
            FailingLibc newer = new FailingLibc();

            component.bindCalls(newer);
            component.unbindCalls(older);

            serves(bound);
            assertThat(newer.calls("accept4")).isPositive();
        }
        assertThat(offered).containsExactly(before);
    }

    @Test
    void withoutCallsTheServiceGoesAndSocketsServeToTheirEnd() throws Exception {
        SystemCalls calls = new SystemCallsComponent();
        start(calls);
        try (BoundSocket bound = listen()) {
            component.deactivate();
            component.unbindCalls(calls);

            assertThat(offered).isEmpty();
            serves(bound);
        }
    }

    @Test
    void selfCheckTriesTheCallsThereAre() {
        EpollSelfCheck check = new EpollSelfCheck();
        assertThat(check.run()).isEmpty();

        SystemCalls good = new SystemCallsComponent();
        check.bindCalls(good);
        assertThat(check.run()).isEmpty();

        check.bindCalls(new FailingLibc().fails("connect", SocketLibc.ECONNREFUSED));
        check.unbindCalls(good);
        assertThat(check.run()).singleElement().satisfies(problem -> assertThat(problem.text()).contains("loopback"));
    }
}
