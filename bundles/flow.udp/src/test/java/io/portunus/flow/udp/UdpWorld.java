// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import io.portunus.flow.memory.MemoryDatagrams;
import io.portunus.flow.memory.MemoryLoop;
import io.portunus.flow.memory.MemorySession;
import io.portunus.flow.memory.MemorySessions;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramHandler;
import io.portunus.flow.spi.DatagramListener;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.HeaderFacts;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.ForwardingTable;
import io.portunus.model.ListenKey;
import io.portunus.model.Listener;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Protocol;
import io.portunus.model.ProxyHeader;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A node in memory with one rule for UDP, its clients and its targets. Confined to one thread. */
abstract class UdpWorld {
    static final InetSocketAddress NODE = at("192.0.2.1", 53);
    static final InetSocketAddress FIRST = at("192.0.2.8", 1);
    static final InetSocketAddress SECOND = at("192.0.2.9", 1);
    /** A target whose name has no address. */
    static final TargetGroup NOWHERE = TargetGroup.of(TargetAddress.parse("nowhere.test:1"));

    final MemoryLoop loop = new MemoryLoop();
    final MemoryDatagrams network = new MemoryDatagrams();
    final DatagramBatch batch = new DatagramBatch(40, 64);
    /** Done to each session before it begins. */
    Consumer<MemorySession> prepare = session -> { };

    static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    static Rule rule() {
        List<Target> targets = List.of(Target.of(TargetAddress.parse("192.0.2.8:1")), Target.of(TargetAddress.parse("192.0.2.9:1")));
        return Rule.of(1, "r", List.of(PortRange.of(53)), Match.ANY, TargetAddress.parse("192.0.2.8:1")).withProtocol(Protocol.UDP)
            .withTargets(TargetGroup.of(TargetAddress.parse("192.0.2.8:1")).with(targets));
    }

    /** The same rule, whose targets require a PROXY header. */
    static Rule heading(Rule rule) {
        ProxyHeader header = new ProxyHeader(ProxyHeader.Version.V2, Set.of(), false);
        return rule.withTargets(rule.targets().with(rule.targets().targets().stream()
            .map(its -> new Target(its.address(), its.priority(), its.weight(), its.maxConnections(), Optional.of(header), false)).toList()));
    }

    /** A header that can be read. */
    static final class Brackets implements UpstreamHeader {
        @Override
        public String kind() {
            return PROXY;
        }

        @Override
        public byte[] bytes(HeaderFacts facts) {
            return ("<" + facts.addresses().client().getAddress().getHostAddress() + ">").getBytes(StandardCharsets.US_ASCII);
        }
    }

    static Listener routes(Rule rule) {
        return ForwardingTable.compile(new RuleSet("", List.of(rule))).listener(new ListenKey(Protocol.UDP, Optional.empty(), 53)).orElseThrow();
    }

    MemorySessions node(Rule rule) throws ListenException {
        UdpHandler handler = new UdpHandler(loop::nanos);
        return new MemorySessions(network, loop, routes(rule), new DatagramHandler() {
                @Override
                public String kind() {
                    return handler.kind();
                }

                @Override
                public void arrived(DatagramBatch from, int first, int end, DatagramListener listener) {
                    handler.arrived(from, first, end, new Preparing(listener, prepare));
                }
            }, NODE);
    }

    DatagramPort open(InetSocketAddress address) throws ListenException {
        return network.open(loop, DatagramSpec.at(address));
    }

    void send(DatagramPort port, InetSocketAddress to, String... texts) {
        batch.clear();
        for (String text : texts) {
            batch.peer(batch.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))), to);
        }
        port.send(batch, 0, batch.count());
    }

    List<String> received(DatagramPort port) {
        List<String> texts = new ArrayList<>();
        port.receive(batch);
        for (int entry = 0; entry < batch.count(); entry++) {
            ByteBuffer bytes = ByteBuffer.allocate(batch.length(entry));
            batch.copy(entry, bytes);
            texts.add(new String(bytes.array(), StandardCharsets.US_ASCII));
        }
        return texts;
    }
}
