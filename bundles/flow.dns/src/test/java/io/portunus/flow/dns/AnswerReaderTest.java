// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.NameAnswer.Problem;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What is read out of answers, and what is not believed. */
class AnswerReaderTest {
    private static final Name NAME = Zone.name("a.test");
    private static final long NO_ALIAS = Integer.MAX_VALUE;
    private final Message answer = new Message(1);

    private FamilyAnswer read(int type) {
        return ((AnswerReader.Reading.Known) AnswerReader.read(answer, NAME, type, NO_ALIAS)).answer();
    }

    private void add(Record record) {
        answer.addRecord(record, Section.ANSWER);
    }

    @Test
    void takesNoAddressesOfOtherNames() {
        add(Zone.record(Zone.name("b.test"), 60, InetAddress.ofLiteral("192.0.2.66")));
        add(Zone.record(NAME, 60, InetAddress.ofLiteral("192.0.2.1")));

        assertThat(read(Type.A).addresses()).containsExactly(InetAddress.ofLiteral("192.0.2.1"));
    }

    @Test
    void endsInALoopOfAliases() {
        add(new CNAMERecord(NAME, DClass.IN, 60, Zone.name("b.test")));
        add(new CNAMERecord(Zone.name("b.test"), DClass.IN, 60, NAME));

        assertThat(read(Type.A).kind()).isEqualTo(FamilyAnswer.Kind.FAILED);
    }

    @Test
    void followsAliasesInAnyOrderOfTheRecords() {
        add(Zone.record(Zone.name("c.test"), 300, InetAddress.ofLiteral("192.0.2.1")));
        add(new CNAMERecord(Zone.name("b.test"), DClass.IN, 7, Zone.name("c.test")));
        add(new CNAMERecord(NAME, DClass.IN, 60, Zone.name("B.test")));

        assertThat(read(Type.A)).isEqualTo(FamilyAnswer.found(List.of(InetAddress.ofLiteral("192.0.2.1")), Duration.ofSeconds(7), ""));
    }

    @Test
    void takesATimeBeyondThirtyOneBitsForZero() throws Exception {
        byte[] record = new byte[] {1, 'a', 4, 't', 'e', 's', 't', 0, 0, 1, 0, 1, -1, -1, -1, -1, 0, 4, (byte) 192, 0, 2, 1};
        add(Record.fromWire(record, Section.ANSWER));

        assertThat(read(Type.A).ttl()).isZero();
    }

    @Test
    void takesAReferralForAFailure() {
        answer.addRecord(new NSRecord(Zone.name("test"), DClass.IN, 60, Zone.name("ns.test")), Section.AUTHORITY);

        assertThat(read(Type.A)).isEqualTo(FamilyAnswer.failed(Problem.SERVFAIL));
    }

    @Test
    void takesRefusalForAFailure() {
        answer.getHeader().setRcode(Rcode.REFUSED);

        assertThat(read(Type.AAAA)).isEqualTo(FamilyAnswer.failed(Problem.SERVFAIL));
    }

    @Test
    void remembersWhatIsNotThereForTheLesserTimeOfTheZone() {
        answer.addRecord(Zone.soa(90), Section.AUTHORITY);

        assertThat(read(Type.AAAA)).isEqualTo(FamilyAnswer.none(Problem.NODATA, Duration.ofSeconds(90), ""));
    }

    @Test
    void takesNoAddressFromARecordWithoutOne() {
        add(Record.newRecord(NAME, Type.A, DClass.IN, 60));

        assertThat(read(Type.A).kind()).isEqualTo(FamilyAnswer.Kind.NONE);
    }

    @Test
    void dropsIpv4InDisguise() throws Exception {
        byte[] record = new byte[] {1, 'a', 4, 't', 'e', 's', 't', 0, 0, 28, 0, 1, 0, 0, 0, 60, 0, 16,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xFF, (byte) 0xFF, (byte) 192, 0, 2, 1};
        add(Record.fromWire(record, Section.ANSWER));

        assertThat(read(Type.AAAA).kind()).isEqualTo(FamilyAnswer.Kind.NONE);
    }
}
