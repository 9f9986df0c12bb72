// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.NameAnswer.Problem;
import io.portunus.flow.spi.ServiceHost;
import io.portunus.model.ServiceNames;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.ARecord;
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

    private <T> FamilyAnswer<T> read(Wanted<T> wanted) {
        return ((AnswerReader.Reading.Known<T>) AnswerReader.read(answer, NAME, wanted, NO_ALIAS)).answer();
    }

    private void add(Record record) {
        answer.addRecord(record, Section.ANSWER);
    }

    @Test
    void takesNoAddressesOfOtherNames() {
        add(Zone.record(Zone.name("b.test"), 60, InetAddress.ofLiteral("192.0.2.66")));
        add(Zone.record(NAME, 60, InetAddress.ofLiteral("192.0.2.1")));

        assertThat(read(Wanted.A).records()).containsExactly(InetAddress.ofLiteral("192.0.2.1"));
    }

    /** C7: a record of CHAOS, or an alias of it, is none of what was asked for. */
    @Test
    void takesNoRecordsOfAnotherClass() {
        add(new ARecord(NAME, DClass.CH, 60, InetAddress.ofLiteral("192.0.2.66")));
        add(new CNAMERecord(NAME, DClass.CH, 60, Zone.name("b.test")));
        add(Zone.record(Zone.name("b.test"), 60, InetAddress.ofLiteral("192.0.2.67")));

        assertThat(read(Wanted.A).kind()).isEqualTo(FamilyAnswer.Kind.NONE);
    }

    @Test
    void endsInALoopOfAliases() {
        add(new CNAMERecord(NAME, DClass.IN, 60, Zone.name("b.test")));
        add(new CNAMERecord(Zone.name("b.test"), DClass.IN, 60, NAME));

        assertThat(read(Wanted.A).kind()).isEqualTo(FamilyAnswer.Kind.FAILED);
    }

    @Test
    void followsAliasesInAnyOrderOfTheRecords() {
        add(Zone.record(Zone.name("c.test"), 300, InetAddress.ofLiteral("192.0.2.1")));
        add(new CNAMERecord(Zone.name("b.test"), DClass.IN, 7, Zone.name("c.test")));
        add(new CNAMERecord(NAME, DClass.IN, 60, Zone.name("B.test")));

        assertThat(read(Wanted.A)).isEqualTo(FamilyAnswer.found(List.of(InetAddress.ofLiteral("192.0.2.1")), Duration.ofSeconds(7), ""));
    }

    @Test
    void takesATimeBeyondThirtyOneBitsForZero() throws Exception {
        byte[] record = new byte[] {1, 'a', 4, 't', 'e', 's', 't', 0, 0, 1, 0, 1, -1, -1, -1, -1, 0, 4, (byte) 192, 0, 2, 1};
        add(Record.fromWire(record, Section.ANSWER));

        assertThat(read(Wanted.A).ttl()).isZero();
    }

    @Test
    void takesAReferralForAFailure() {
        answer.addRecord(new NSRecord(Zone.name("test"), DClass.IN, 60, Zone.name("ns.test")), Section.AUTHORITY);

        assertThat(read(Wanted.A)).isEqualTo(FamilyAnswer.failed(Problem.SERVFAIL));
    }

    @Test
    void takesRefusalForAFailure() {
        answer.getHeader().setRcode(Rcode.REFUSED);

        assertThat(read(Wanted.AAAA)).isEqualTo(FamilyAnswer.failed(Problem.SERVFAIL));
    }

    @Test
    void remembersWhatIsNotThereForTheLesserTimeOfTheZone() {
        answer.addRecord(Zone.soa(90), Section.AUTHORITY);

        assertThat(read(Wanted.AAAA)).isEqualTo(FamilyAnswer.none(Problem.NODATA, Duration.ofSeconds(90), ""));
    }

    @Test
    void takesNoAddressFromARecordWithoutOne() {
        add(Record.newRecord(NAME, Type.A, DClass.IN, 60));

        assertThat(read(Wanted.A).kind()).isEqualTo(FamilyAnswer.Kind.NONE);
    }

    @Test
    void dropsIpv4InDisguise() throws Exception {
        byte[] record = new byte[] {1, 'a', 4, 't', 'e', 's', 't', 0, 0, 28, 0, 1, 0, 0, 0, 60, 0, 16,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xFF, (byte) 0xFF, (byte) 192, 0, 2, 1};
        add(Record.fromWire(record, Section.ANSWER));

        assertThat(read(Wanted.AAAA).kind()).isEqualTo(FamilyAnswer.Kind.NONE);
    }

    private void serves(String host) {
        add(Zone.service(NAME, 60, host));
    }

    @Test
    void ordersHostsByPriorityAndNotByTheAnswer() {
        serves("10 60 5432 c.test");
        serves("0 1 5432 B.Test");
        serves("0 1 5432 a.test");
        serves("0 1 5431 b.test");

        assertThat(read(Wanted.SRV)).isEqualTo(FamilyAnswer.found(List.of(new ServiceHost("a.test", 5432, 0, 1),
            new ServiceHost("b.test", 5431, 0, 1), new ServiceHost("b.test", 5432, 0, 1),
            new ServiceHost("c.test", 5432, 10, 60)), Duration.ofSeconds(60), ""));
    }

    @Test
    void takesAHostOnceAtItsBestPriority() {
        serves("7 9 80 a.test");
        serves("3 1 80 a.test");
        serves("3 2 80 A.test");

        assertThat(read(Wanted.SRV).records()).containsExactly(new ServiceHost("a.test", 80, 3, 2));
    }

    @Test
    void takesTheBestOfTooManyHosts() {
        for (int i = 99; i >= 0; i--) {
            serves(i + " 0 80 h" + i + ".test");
        }

        assertThat(read(Wanted.SRV).records()).hasSize(ServiceNames.MAX_HOSTS).extracting(ServiceHost::priority).startsWith(0, 1).endsWith(30, 31);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 0 a.test", "0 0 80 _a._b.test", "0 0 80 10.0.0.1", "0 0 80 a\\.b.test"})
    void passesOverWhatIsNoHostAndPort(String record) {
        serves(record);
        assertThat(read(Wanted.SRV)).isEqualTo(FamilyAnswer.none(Problem.NODATA, Duration.ZERO, ""));

        serves("0 0 80 b.test");
        assertThat(read(Wanted.SRV).records()).containsExactly(new ServiceHost("b.test", 80, 0, 0));
    }

    @Test
    void believesThatThereIsNoSuchServiceUnlessThereIs() {
        serves("0 0 0 .");
        assertThat(read(Wanted.SRV)).isEqualTo(FamilyAnswer.none(Problem.NO_SERVICE, Duration.ofSeconds(60), ""));

        serves("1 0 80 b.test");
        assertThat(read(Wanted.SRV).records()).hasSize(1);
    }

    @Test
    void takesTheLeastTimeOfRecordsAndAliasesOfAService() {
        add(new CNAMERecord(NAME, DClass.IN, 30, Zone.name("b.test")));
        add(Zone.service(Zone.name("b.test"), 60, "0 0 80 a.test"));
        add(Zone.service(Zone.name("b.test"), 20, "0 0 80 c.test"));

        assertThat(read(Wanted.SRV).ttl()).isEqualTo(Duration.ofSeconds(20));
    }
}
