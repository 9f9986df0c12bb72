// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.linux.api.Libc;
import io.portunus.linux.api.SocketLibc;
import io.portunus.linux.api.SystemCalls;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** What other bundles are given: where they are given it, and that it works. */
@Timeout(20)
class SystemCallsTest {
    private static final Object MINUS_ONE = -1;
    private static final Object MINUS_ONE_LONG = -1L;

    private final List<String> offered = new ArrayList<>();
    private final BundleContext context = (BundleContext) Proxy.newProxyInstance(SystemCallsTest.class.getClassLoader(),
        new Class<?>[] {BundleContext.class}, (proxy, method, arguments) -> {
            offered.add(((Class<?>) arguments[0]).getSimpleName());
            return Proxy.newProxyInstance(SystemCallsTest.class.getClassLoader(), new Class<?>[] {ServiceRegistration.class},
                (registration, unregister, none) -> {
                    offered.clear();
                    return null;
                });
        });
    private final SystemCallsComponent component = new SystemCallsComponent();

    @Test
    void areAServiceWhereNativeCallsWorkUntilTheirBundleStops() {
        component.start(context);
        assertThat(offered).containsExactly(SystemCalls.class.getSimpleName());

        component.deactivate();
        assertThat(offered).isEmpty();
    }

    @Test
    void areNoServiceWithoutNativeAccessOrElsewhere() {
        component.offer(context, new Platform("Linux", false, true, ""));
        component.offer(context, new Platform("Plan 9", true, true, ""));

        assertThat(offered).isEmpty();
        component.deactivate();
    }

    @Test
    void areAServiceToThoseWhoDoNotSplice() {
        component.offer(context, new Platform("Linux", true, false, "1"));

        assertThat(offered).hasSize(1);
    }

    @Test
    void trialFindsNothingWrongHere() {
        assertThat(SocketTrial.run(component.sockets())).isEmpty();
        assertThat(new CallsSelfCheck().run()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"epollCreate1", "socket", "setsockopt", "getsockopt", "bind", "listen", "getsockname", "fcntl", "connect", "accept4",
        "epollCtl", "epollWait", "send", "recv", "shutdown", "eventfd", "write", "sendmmsg", "recvmmsg"})
    void trialFindsACallThatIsRefused(String call) {
        SocketLibc real = component.sockets();
        SocketLibc refusing = (SocketLibc) Proxy.newProxyInstance(SystemCallsTest.class.getClassLoader(), new Class<?>[] {SocketLibc.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case String name when name.equals(call) -> method.getReturnType() == long.class ? MINUS_ONE_LONG : MINUS_ONE;
                case "errno" -> Libc.ENOSYS;
                default -> method.invoke(real, arguments);
            });

        assertThat(SocketTrial.run(refusing)).get().asString().contains("errno 38");
    }

    @Test
    void addressIsThatOfThePositionOfADirectBuffer() {
        SocketLibc libc = component.sockets();
        ByteBuffer buffer = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        int counter = libc.eventfd(0, Libc.O_NONBLOCK | Libc.O_CLOEXEC);

        assertThat(libc.address(buffer.position(8)) - libc.address(buffer.duplicate().position(0))).isEqualTo(8);
        assertThat(libc.write(counter, libc.address(buffer.putLong(8, 5)), Long.BYTES)).isEqualTo(8);
        assertThat(libc.recv(counter, libc.address(buffer), Long.BYTES, 0)).isEqualTo(-1);
        assertThat(libc.errno()).isEqualTo(88);
        assertThat(libc.close(counter)).isZero();
        assertThatThrownBy(() -> libc.address(ByteBuffer.allocate(1))).isInstanceOf(IllegalArgumentException.class);
    }
}
