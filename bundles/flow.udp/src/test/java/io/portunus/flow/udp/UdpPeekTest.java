// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.MemoryDatagrams;
import io.portunus.flow.memory.MemoryLoop;
import io.portunus.flow.memory.MemorySessions;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramInspection;
import io.portunus.flow.spi.DatagramInspector;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.ForwardingTable;
import io.portunus.model.HostPattern;
import io.portunus.model.ListenKey;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Prelude;
import io.portunus.model.Protocol;
import io.portunus.model.Protocols;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetAddress;
import io.portunus.model.Timeouts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UdpPeekTest {
    private static final InetSocketAddress NODE = at("192.0.2.1", 443);
    private static final InetSocketAddress NAMED = at("192.0.2.8", 1);
    private static final InetSocketAddress OTHERS = at("192.0.2.9", 1);
    private static final InetSocketAddress CLIENT = at("198.51.100.1", 9);

    /** What a look takes for itself. */
    private static final int KEPT = 7;

    private final MemoryLoop loop = new MemoryLoop();
    private final MemoryDatagrams network = new MemoryDatagrams();
    private final DatagramBatch batch = new DatagramBatch(40, 64);

    /** Names end with an exclamation mark and may be cut; a question mark is of another protocol, and a hash is flawed. */
    private static final class Spelling implements DatagramInspector {
        @Override
        public String kind() {
            return Prelude.QUIC;
        }

        @Override
        public DatagramInspection begin() {
            StringBuilder text = new StringBuilder();
            return new DatagramInspection() {
                @Override
                public Verdict inspect(ByteBuffer datagram) {
                    text.append(StandardCharsets.US_ASCII.decode(datagram.duplicate()));
                    return switch (text.charAt(text.length() - 1)) {
                        case '!' -> new Verdict.Recognised(new Prelude(Prelude.QUIC,
                            Optional.of(text.substring(0, text.length() - 1)), List.of(), false));
                        case '?' -> Verdict.foreign("a question");
                        case '#' -> Verdict.flawed("a hash");
                        default -> Verdict.MORE;
                    };
                }

                @Override
                public int kept() {
                    return KEPT;
                }

                @Override
                public byte[] refusal(CloseReason reason) {
                    return new byte[] {'n', 'o'};
                }
            };
        }
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private static Rule rule(int id, Optional<String> name, InetSocketAddress target) {
        return Rule.of(id, "r" + id, List.of(PortRange.of(443)), Match.ofSni(Protocols.UDP, name.map(HostPattern::parse)),
            TargetAddress.parse(target.getAddress().getHostAddress() + ":" + target.getPort())).withProtocol(Protocol.UDP);
    }

    private MemorySessions node(Rule... rules) throws ListenException {
        MemorySessions node = new MemorySessions(network, loop, ForwardingTable.compile(new RuleSet("", List.of(rules)))
            .listener(new ListenKey(Protocol.UDP, Optional.empty(), 443)).orElseThrow(), new UdpHandler(loop::nanos), NODE);
        node.inspectors.put(Prelude.QUIC, new Spelling());
        return node;
    }

    private DatagramPort open(InetSocketAddress address) throws ListenException {
        return network.open(loop, DatagramSpec.at(address));
    }

    private void send(DatagramPort port, String... texts) {
        batch.clear();
        for (String text : texts) {
            batch.peer(batch.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))), NODE);
        }
        port.send(batch, 0, batch.count());
    }

    private List<String> received(DatagramPort port) {
        List<String> texts = new ArrayList<>();
        port.receive(batch);
        for (int entry = 0; entry < batch.count(); entry++) {
            ByteBuffer bytes = ByteBuffer.allocate(batch.length(entry));
            batch.copy(entry, bytes);
            texts.add(new String(bytes.array(), StandardCharsets.US_ASCII));
        }
        return texts;
    }

    @Test
    void aNameInOneDatagramGoesToItsRule() throws ListenException {
        MemorySessions node = node(rule(1, Optional.of("a.test"), NAMED), rule(2, Optional.empty(), OTHERS));
        DatagramPort target = open(NAMED);
        DatagramPort client = open(CLIENT);

        send(client, "a.test!");
        send(client, "more");

        assertThat(received(target)).containsExactly("a.test!", "more");
        assertThat(node.begun.getFirst().prelude.serverName()).contains("a.test");
    }

    @Test
    void aNameThatIsCutWaitsAndEverythingArrivesInOrder() throws ListenException {
        MemorySessions node = node(rule(1, Optional.of("a.test"), NAMED));
        DatagramPort target = open(NAMED);
        DatagramPort client = open(CLIENT);

        send(client, "a.");
        assertThat(received(target)).isEmpty();
        assertThat(node.begun.getFirst().kept).isEqualTo(2 + KEPT);
        send(client, "test!");
        send(client, "more");

        assertThat(received(target)).containsExactly("a.", "test!", "more");
        assertThat(node.begun.getFirst().closed).isEmpty();
    }

    @Test
    void othersGoToTheFallbackOfThePortWhateverTheyAre() throws ListenException {
        node(rule(1, Optional.of("a.test"), NAMED), rule(2, Optional.empty(), OTHERS));
        DatagramPort others = open(OTHERS);

        send(open(at("198.51.100.1", 1)), "b.test!");
        send(open(at("198.51.100.1", 2)), "what?");

        assertThat(received(others)).containsExactly("b.test!", "what?");
    }

    @Test
    void whatNoRuleTakesGetsNoSessionAndAnAnswerInItsOwnProtocol() throws ListenException {
        MemorySessions node = node(rule(1, Optional.of("a.test"), NAMED));

        send(open(at("198.51.100.1", 1)), "b.test!");
        send(open(at("198.51.100.1", 2)), "what?");
        send(open(at("198.51.100.1", 3)), "bad#");

        assertThat(node.begun).isEmpty();
        assertThat(node.refused).containsEntry(CloseReason.NO_MATCHING_NAME, 1).containsEntry(CloseReason.NOT_RECOGNISED, 1)
            .containsEntry(CloseReason.HELLO_MALFORMED, 1);
        assertThat(node.answers).extracting(String::new).containsExactly("no", "no");
    }

    @Test
    void whoIsRefusedAfterSeveralDatagramsIsAnsweredToo() throws ListenException {
        MemorySessions node = node(rule(1, Optional.of("a.test"), NAMED));
        DatagramPort client = open(CLIENT);

        send(client, "b.");
        send(client, "test!");

        assertThat(received(client)).containsExactly("no");
        assertThat(node.begun.getFirst().closed).containsExactly(CloseReason.NO_MATCHING_NAME);
    }

    @Test
    void whoNeverComesToAnEndIsRefusedWhenItsTimeIsOver() throws ListenException {
        MemorySessions node = node(rule(1, Optional.of("a.test"), NAMED));
        send(open(CLIENT), "a.");

        loop.pass(Timeouts.DEFAULT.peek());

        assertThat(node.begun.getFirst().closed).containsExactly(CloseReason.PEEK_TIMEOUT);
        assertThat(node.begun.getFirst().defects).isEmpty();
    }

    @Test
    void whoNeverComesToAnEndIsTheFallbacksWhereThereIsOne() throws ListenException {
        node(rule(1, Optional.of("a.test"), NAMED), rule(2, Optional.empty(), OTHERS));
        DatagramPort others = open(OTHERS);
        DatagramPort client = open(CLIENT);

        for (int i = 0; i < DatagramInspection.MAX_DATAGRAMS; i++) {
            send(client, "x");
        }

        assertThat(received(others)).hasSize(DatagramInspection.MAX_DATAGRAMS);
    }

    @Test
    void aRuleThatIsFullTakesNobodyWhoWasLookedAtEither() throws ListenException {
        MemorySessions node = node(rule(1, Optional.of("a.test"), NAMED));
        DatagramPort client = open(CLIENT);
        send(client, "a.");
        node.full = true;

        send(client, "test!");

        assertThat(node.begun.getFirst().closed).containsExactly(CloseReason.MAX_CONNECTIONS);
    }

    @Test
    void withoutAnInspectorNobodyIsTakenForAnother() throws ListenException {
        MemorySessions node = node(rule(1, Optional.of("a.test"), NAMED), rule(2, Optional.empty(), OTHERS));
        node.inspectors.clear();

        send(open(CLIENT), "a.test!");

        assertThat(node.begun).isEmpty();
        assertThat(node.refused).containsEntry(CloseReason.NO_HANDLER, 1);
    }
}
