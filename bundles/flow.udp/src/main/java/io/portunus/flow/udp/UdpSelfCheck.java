// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.MemoryDatagrams;
import io.portunus.flow.memory.MemoryLoop;
import io.portunus.flow.memory.MemorySession;
import io.portunus.flow.memory.MemorySessions;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Datagrams;
import io.portunus.model.ForwardingTable;
import io.portunus.model.ListenKey;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Problem;
import io.portunus.model.Protocol;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Carries a session in memory before anybody is served: two datagrams there, one back, silence. Takes milliseconds and opens no socket.
 * Thread-safe.
 */
@Component(service = SelfCheck.class)
public final class UdpSelfCheck implements SelfCheck {
    private static final String BUNDLE = "flow.udp";
    private static final InetSocketAddress NODE = at("192.0.2.1", 53);
    private static final InetSocketAddress CLIENT = at("198.51.100.7", 4000);
    private static final InetSocketAddress TARGET = at("192.0.2.9", 5353);

    /** Needs nothing and has no configuration. */
    @Activate
    public UdpSelfCheck() {
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    @Override
    public List<Problem> run() {
        try {
            return carry().map(wrong -> List.of(Problem.of(SelfCheck.FAILED, BUNDLE, wrong))).orElse(List.of());
        } catch (ListenException e) {
            return List.of(Problem.of(SelfCheck.FAILED, BUNDLE, "no socket in memory: " + e.getMessage()));
        }
    }

    private static Optional<String> carry() throws ListenException {
        MemoryLoop loop = new MemoryLoop();
        MemoryDatagrams network = new MemoryDatagrams();
        Rule rule = Rule.of(1, "self-check", List.of(PortRange.of(NODE.getPort())), Match.ANY, TargetAddress.parse("192.0.2.9:5353"))
            .withProtocol(Protocol.UDP);
        ForwardingTable table = ForwardingTable.compile(new RuleSet("", List.of(rule)));
        MemorySessions sessions = new MemorySessions(network, loop,
            table.listener(new ListenKey(Protocol.UDP, Optional.empty(), NODE.getPort())).orElseThrow(), new UdpHandler(loop::nanos), NODE);
        DatagramPort client = network.open(loop, DatagramSpec.at(CLIENT));
        DatagramPort target = network.open(loop, DatagramSpec.at(TARGET));
        DatagramBatch batch = new DatagramBatch(2, 16);
        send(client, batch, NODE, "one");
        send(client, batch, NODE, "two");
        if (target.receive(batch) != 2 || batch.length(1) != "two".length()) {
            return Optional.of("the target did not get what the client sent");
        }
        send(target, batch, batch.peer(1), "three");
        if (client.receive(batch) != 1 || !batch.peer(0).equals(NODE)) {
            return Optional.of("the client did not get the answer from the address that it asked");
        }
        loop.pass(Datagrams.DEFAULT.idle().plusSeconds(1));
        MemorySession session = sessions.begun.getFirst();
        boolean clean = sessions.begun.size() == 1 && session.closed.equals(List.of(CloseReason.IDLE_TIMEOUT)) && session.selection.released == 1
            && session.in == 2 && session.out == 1 && session.kept == 0;
        return clean ? Optional.empty() : Optional.of("the session did not end as it should: " + session.closed);
    }

    private static void send(DatagramPort port, DatagramBatch batch, InetSocketAddress to, String text) {
        batch.clear();
        batch.peer(batch.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))), to);
        port.send(batch, 0, 1);
    }
}
