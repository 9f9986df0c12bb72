// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.NameAnswer.Problem;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/** Reads the addresses out of an answer, along the chain of aliases. Immutable: it has no state. */
final class AnswerReader {
    /** Addresses of one family taken from an answer; what a TCP answer has room for is a thousand times that. */
    static final int MAX_ADDRESSES = 64;
    /** Aliases followed from one name, in one answer or over several; loops end here. */
    static final int MAX_ALIASES = 16;
    /** RFC 2181 §8: 31 bits, and what is greater counts as 0. */
    private static final long MAX_TTL = Integer.MAX_VALUE;

    /** What an answer says. */
    sealed interface Reading {
        /** It says what there is. */
        record Known(FamilyAnswer answer) implements Reading {
        }

        /** It ends in an alias whose addresses have to be asked for. */
        record Alias(Name target, long ttlSeconds) implements Reading {
        }
    }

    private AnswerReader() {
    }

    /** @param ttlSeconds the least time to live of the aliases that led to the name that was asked for */
    static Reading read(Message message, Name asked, int type, long ttlSeconds) {
        int rcode = message.getRcode();
        if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
            return new Reading.Known(FamilyAnswer.failed(Problem.SERVFAIL));
        }
        List<Record> records = message.getSection(Section.ANSWER);
        Name name = asked;
        long ttl = ttlSeconds;
        for (int alias = 0; alias <= MAX_ALIASES; alias++) {
            Name owner = name;
            List<Record> here = records.stream().filter(r -> r.getName().equals(owner)).toList();
            List<InetAddress> addresses = here.stream().filter(r -> r.getType() == type).limit(MAX_ADDRESSES)
                .flatMap(r -> address(r).stream()).distinct().toList();
            if (!addresses.isEmpty()) {
                long least = Math.min(ttl, here.stream().filter(r -> r.getType() == type).mapToLong(AnswerReader::ttl).min().orElse(0));
                return new Reading.Known(FamilyAnswer.found(addresses, Duration.ofSeconds(least), ""));
            }
            Optional<CNAMERecord> next = here.stream().filter(CNAMERecord.class::isInstance).map(CNAMERecord.class::cast).findFirst();
            if (next.isEmpty()) {
                return none(message, asked, name, ttl);
            }
            ttl = Math.min(ttl, ttl(next.get()));
            name = next.get().getTarget();
        }
        return new Reading.Known(FamilyAnswer.failed(Problem.SERVFAIL));
    }

    private static Reading none(Message message, Name asked, Name end, long ttl) {
        List<Record> authority = message.getSection(Section.AUTHORITY);
        Optional<SOARecord> soa = authority.stream().filter(SOARecord.class::isInstance).map(SOARecord.class::cast).findFirst();
        // RFC 2308 §5: the lesser of the record's own time and of its last field.
        long negative = Math.min(ttl, soa.map(r -> Math.min(ttl(r), r.getMinimum())).orElse(0L));
        if (message.getRcode() == Rcode.NXDOMAIN) {
            return new Reading.Known(FamilyAnswer.none(Problem.NXDOMAIN, Duration.ofSeconds(negative), ""));
        }
        if (soa.isEmpty() && authority.stream().anyMatch(NSRecord.class::isInstance)) {
            // A referral: this server does not ask others for us, so it knows nothing of the name.
            return new Reading.Known(FamilyAnswer.failed(Problem.SERVFAIL));
        }
        if (soa.isEmpty() && !end.equals(asked)) {
            return new Reading.Alias(end, ttl);
        }
        return new Reading.Known(FamilyAnswer.none(Problem.NODATA, Duration.ofSeconds(negative), ""));
    }

    private static long ttl(Record record) {
        return record.getTTL() > MAX_TTL ? 0 : record.getTTL();
    }

    /** Without the name, which would be shown wherever the address is. An IPv4 address in a record for IPv6 is nobody's address. */
    private static Optional<InetAddress> address(Record record) {
        try {
            // By class, because a record without data is of none of these, whatever type it claims.
            return switch (record) {
                case ARecord four -> Optional.of(InetAddress.getByAddress(four.getAddress().getAddress()));
                case AAAARecord six -> Optional.of(InetAddress.getByAddress(six.getAddress().getAddress())).filter(Inet6Address.class::isInstance);
                default -> Optional.empty();
            };
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of a wrong length", e);
        }
    }

    /** A list that can be added to, of the names to ask for: the search list where the name has no dot. */
    static List<Name> candidates(Name absolute, List<Name> search) {
        List<Name> all = new ArrayList<>();
        if (absolute.labels() == 2) {
            for (Name suffix : search) {
                concatenated(absolute, suffix).ifPresent(all::add);
            }
        }
        all.add(absolute);
        return all;
    }

    private static Optional<Name> concatenated(Name absolute, Name suffix) {
        try {
            return Optional.of(Name.concatenate(absolute.relativize(Name.root), suffix));
        } catch (org.xbill.DNS.NameTooLongException e) {
            return Optional.empty();
        }
    }
}
