// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import com.code_intelligence.jazzer.junit.FuzzTest;
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
        for (int type : new int[] {Type.A, Type.AAAA}) {
            parsed(bytes).ifPresent(message -> {
                Name asked = Optional.ofNullable(message.getQuestion()).map(Record::getName).orElse(NAME);
                if (AnswerReader.read(message, asked, type, Integer.MAX_VALUE) instanceof AnswerReader.Reading.Known(FamilyAnswer answer)
                    && (answer.addresses().size() > AnswerReader.MAX_ADDRESSES || answer.ttl().isNegative()
                        || answer.is(FamilyAnswer.Kind.FOUND) == answer.addresses().isEmpty())) {
                    throw new AssertionError(answer);
                }
            });
        }
    }

    static Stream<byte[]> seeds() {
        Zone zone = new Zone().chain("a.test", "b.test", 10, 60, "192.0.2.1", "2001:db8::1").nxdomain("c.test", 5).has("d.test", 1);
        return Stream.of("a.test", "c.test", "d.test").flatMap(name -> Stream.of(Type.A, Type.AAAA)
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
