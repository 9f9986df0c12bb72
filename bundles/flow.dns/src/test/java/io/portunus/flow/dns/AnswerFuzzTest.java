// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portunus.model.ServiceNames;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Fuzzes what is read out of messages: no exception, and never more addresses than the bound, whatever the message has. */
class AnswerFuzzTest {
    private static final Name NAME = Zone.name("a.test");

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void readsAnyMessageWithinItsBounds(byte[] bytes) {
        parsed(bytes).ifPresent(message -> {
            read(message, Wanted.A, Wanted.MAX_ADDRESSES);
            read(message, Wanted.AAAA, Wanted.MAX_ADDRESSES);
            read(message, Wanted.SRV, ServiceNames.MAX_HOSTS);
        });
    }

    private static <T> void read(Message message, Wanted<T> wanted, int most) {
        Name asked = Optional.ofNullable(message.getQuestion()).map(Record::getName).orElse(NAME);
        if (AnswerReader.read(message, asked, wanted, Integer.MAX_VALUE) instanceof AnswerReader.Reading.Known<T>(FamilyAnswer<T> answer)
            && (answer.records().size() > most || answer.ttl().isNegative() || answer.is(FamilyAnswer.Kind.FOUND) == answer.records().isEmpty())) {
            throw new AssertionError(answer);
        }
    }

    static Stream<byte[]> seeds() {
        Zone zone = new Zone().chain("a.test", "b.test", 10, 60, "192.0.2.1", "2001:db8::1").nxdomain("c.test", 5).has("d.test", 1)
            .serves("e.test", 9, "0 5 80 a.test", "65535 65535 65535 b.test").serves("f.test", 9, "0 0 0 .");
        return Stream.of("a.test", "c.test", "d.test", "e.test", "f.test").flatMap(name -> Stream.of(Type.A, Type.AAAA, Type.SRV)
            .map(type -> zone.answer(Message.newQuery(Record.newRecord(Zone.name(name), type, 1))).orElseThrow().toWire()));
    }

    private static Optional<Message> parsed(byte[] bytes) {
        try {
            return Optional.of(new Message(bytes));
        } catch (IOException | RuntimeException hostile) {
            return Optional.empty();
        }
    }
}
