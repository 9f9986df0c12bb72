// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.NameAnswer.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/** Reads the records that are wanted out of an answer, along the chain of aliases. Immutable: it has no state. */
final class AnswerReader {
    /** Aliases followed from one name, in one answer or over several; loops end here. */
    static final int MAX_ALIASES = 16;
    /** RFC 2181 §8: 31 bits, and what is greater counts as 0. */
    private static final long MAX_TTL = Integer.MAX_VALUE;

    /** What an answer holds. */
    sealed interface Reading<T> {
        /** It states what there is. */
        record Known<T>(FamilyAnswer<T> answer) implements Reading<T> {
        }

        /** It ends in an alias whose records have to be asked for. */
        record Alias<T>(Name target, long ttlSeconds) implements Reading<T> {
        }
    }

    private AnswerReader() {
    }

    /** @param ttlSeconds the least time to live of the aliases that led to the name that was asked for */
    static <T> Reading<T> read(Message message, Name asked, Wanted<T> wanted, long ttlSeconds) {
        int rcode = message.getRcode();
        if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
            return new Reading.Known<>(FamilyAnswer.failed(Problem.SERVFAIL));
        }
        List<Record> records = ofTheInternet(message, Section.ANSWER);
        Name name = asked;
        long ttl = ttlSeconds;
        for (int alias = 0; alias <= MAX_ALIASES; alias++) {
            Name owner = name;
            List<Record> here = records.stream().filter(r -> r.getName().equals(owner)).toList();
            List<Record> right = here.stream().filter(r -> r.getType() == wanted.type()).toList();
            List<T> found = wanted.reader().apply(right);
            Duration least = Duration.ofSeconds(Math.min(ttl, right.stream().mapToLong(AnswerReader::ttl).min().orElse(0)));
            if (!found.isEmpty()) {
                return new Reading.Known<>(FamilyAnswer.found(found, least, ""));
            }
            if (right.stream().anyMatch(Wanted::decidedlyNot)) {
                return new Reading.Known<>(FamilyAnswer.none(Problem.NO_SERVICE, least, ""));
            }
            Optional<CNAMERecord> next = here.stream().filter(CNAMERecord.class::isInstance).map(CNAMERecord.class::cast).findFirst();
            if (next.isEmpty()) {
                return none(message, asked, name, ttl);
            }
            ttl = Math.min(ttl, ttl(next.get()));
            name = next.get().getTarget();
        }
        return new Reading.Known<>(FamilyAnswer.failed(Problem.SERVFAIL));
    }

    /** The class that was asked for; a record of another means something else, an address of CHAOS as well (RFC 1035 §3.2.4). */
    private static List<Record> ofTheInternet(Message message, int section) {
        return message.getSection(section).stream().filter(r -> r.getDClass() == DClass.IN).toList();
    }

    private static <T> Reading<T> none(Message message, Name asked, Name end, long ttl) {
        List<Record> authority = ofTheInternet(message, Section.AUTHORITY);
        Optional<SOARecord> soa = authority.stream().filter(SOARecord.class::isInstance).map(SOARecord.class::cast).findFirst();
        // RFC 2308 §5: the lesser of the record's own time and of its last field.
        long negative = Math.min(ttl, soa.map(r -> Math.min(ttl(r), r.getMinimum())).orElse(0L));
        if (message.getRcode() == Rcode.NXDOMAIN) {
            return new Reading.Known<>(FamilyAnswer.none(Problem.NXDOMAIN, Duration.ofSeconds(negative), ""));
        }
        if (soa.isEmpty() && authority.stream().anyMatch(NSRecord.class::isInstance)) {
            // A referral: this server does not ask others for us, so it knows nothing of the name.
            return new Reading.Known<>(FamilyAnswer.failed(Problem.SERVFAIL));
        }
        if (soa.isEmpty() && !end.equals(asked)) {
            return new Reading.Alias<>(end, ttl);
        }
        return new Reading.Known<>(FamilyAnswer.none(Problem.NODATA, Duration.ofSeconds(negative), ""));
    }

    private static long ttl(Record record) {
        return record.getTTL() > MAX_TTL ? 0 : record.getTTL();
    }
}
