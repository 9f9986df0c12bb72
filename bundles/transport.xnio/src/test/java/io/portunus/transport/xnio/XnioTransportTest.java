// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.flow.spi.Transport;
import io.portunus.itest.contracts.TransportContract;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.xnio.Xnio;

/** The transport on XNIO owes what every transport owes. */
class XnioTransportTest extends TransportContract {
    @Override
    protected Transport start(int loops) throws IOException {
        return XnioTransport.start(Xnio.getInstance(XnioTransportTest.class.getClassLoader()), loops);
    }

    @Override
    protected void stop(Transport started) {
        ((XnioTransport) started).close();
    }

    @Test
    void descriptorOfAConnectionThatXnioHasClosedIsUnknown() throws Exception {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        try (BoundSocket bound = listen(stream -> {
            assertThat(stream.descriptor()).isNotNegative();
            stream.endOutput();
            arm(stream, new StreamEvents() {
                @Override
                public void readable(Stream ended) {
                    if (ended.read(ended.loop().scratch()) == Stream.END) {
                        answer.complete(ended.descriptor());
                        ended.close();
                    }
                }

                @Override
                public void writable(Stream unused) {
                    throw new AssertionError("nobody asked for it");
                }
            }, true);
        }); Socket client = client(bound)) {
            client.shutdownOutput();

            assertThat(answer.get(SECONDS, TimeUnit.SECONDS)).isEqualTo(-1);
        }
    }
}
