// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.ListenSpec;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.service.component.ComponentContext;

@Timeout(20)
class EpollOfferTest {
    private final List<String> calls = new ArrayList<>();
    private final ComponentContext context = (ComponentContext) Proxy.newProxyInstance(EpollOfferTest.class.getClassLoader(),
        new Class<?>[] {ComponentContext.class}, (proxy, method, arguments) -> {
            calls.add(method.getName() + Arrays.toString(arguments));
            return null;
        });

    @Test
    void enablesTheTransportWhereItWorks() {
        assertThat(new EpollOffer(context)).isNotNull();

        assertThat(calls).containsExactly("enableComponent[" + EpollTransportComponent.class.getName() + "]");
    }

    @Test
    void componentServesUntilItsLastStreamHasGone() throws Exception {
        EpollTransportComponent component = new EpollTransportComponent();

        assertThat(component.name()).isEqualTo("epoll");
        assertThat(component.loops()).hasSize(Runtime.getRuntime().availableProcessors());
        try (BoundSocket bound = component.listen(ListenSpec.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16), stream -> {
            stream.write(stream.loop().scratch().put((byte) 1).flip());
            stream.close();
        })) {
            component.deactivate();
            try (Socket client = new Socket(bound.address().getAddress(), bound.address().getPort())) {
                assertThat(client.getInputStream().read()).isEqualTo(1);
            }
        }
    }
}
