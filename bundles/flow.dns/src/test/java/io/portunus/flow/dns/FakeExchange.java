// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.Cancellable;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.xbill.DNS.Message;

/** Servers without sockets: each address has its zone, and one without is out of reach. */
final class FakeExchange implements Exchange {
    final Map<InetSocketAddress, Zone> zones = new HashMap<>();
    private final Timers timers;
    private int open;

    FakeExchange(Timers timers) {
        this.timers = timers;
    }

    /** Questions that were neither answered nor given up. */
    int open() {
        return open;
    }

    @Override
    public Cancellable ask(InetSocketAddress server, Message query, Consumer<Reply> reply) {
        AtomicBoolean over = new AtomicBoolean();
        open++;
        timers.execute(() -> {
            Zone zone = zones.get(server);
            if (zone == null) {
                reply(over, reply, new Reply.Unreachable("no such server"));
            } else {
                zone.answer(query).ifPresent(answer -> reply(over, reply, new Reply.Answer(answer)));
            }
        });
        return () -> open -= over.getAndSet(true) ? 0 : 1;
    }

    private void reply(AtomicBoolean over, Consumer<Reply> reply, Reply result) {
        if (!over.getAndSet(true)) {
            open--;
            reply.accept(result);
        }
    }
}
