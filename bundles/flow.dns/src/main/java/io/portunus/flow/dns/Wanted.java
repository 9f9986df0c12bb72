// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.ServiceHost;
import io.portunus.model.Hostnames;
import io.portunus.model.PortRange;
import io.portunus.model.ServiceNames;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Type;

/**
 * A kind of records that is asked for. Immutable.
 *
 * @param type its number
 * @param reader what the records of the kind hold, as much of it as is used
 */
record Wanted<T>(int type, Function<List<Record>, List<T>> reader) {
    /** Addresses of one family taken from an answer; what a TCP answer has room for is a thousand times that. */
    static final int MAX_ADDRESSES = 64;

    static final Wanted<InetAddress> A = new Wanted<>(Type.A, Wanted::addresses);
    static final Wanted<InetAddress> AAAA = new Wanted<>(Type.AAAA, Wanted::addresses);
    static final Wanted<ServiceHost> SRV = new Wanted<>(Type.SRV, Wanted::hosts);

    private static List<InetAddress> addresses(List<Record> records) {
        return records.stream().limit(MAX_ADDRESSES).flatMap(r -> address(r).stream()).distinct().toList();
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

    /**
     * Each host and port once, in an order that the answer does not decide, or a server that turns its records round would have others used
     * each time.
     */
    private static List<ServiceHost> hosts(List<Record> records) {
        Set<String> seen = new HashSet<>();
        return records.stream().flatMap(r -> host(r).stream())
            .sorted(Comparator.comparingInt(ServiceHost::priority).thenComparing(ServiceHost::host).thenComparingInt(ServiceHost::port)
                .thenComparing(ServiceHost::weight, Comparator.reverseOrder()))
            .filter(host -> seen.add(host.toString())).limit(ServiceNames.MAX_HOSTS).toList();
    }

    /** What is no name of a host could not be looked up, and port 0 is nobody's. */
    private static Optional<ServiceHost> host(Record record) {
        if (!(record instanceof SRVRecord srv) || srv.getPort() == 0 || srv.getPort() > PortRange.MAX_PORT) {
            return Optional.empty();
        }
        return Optional.of(srv.getTarget().toString(true).toLowerCase(Locale.ROOT)).filter(Hostnames::isName)
            .map(name -> new ServiceHost(name, srv.getPort(), srv.getPriority(), srv.getWeight()));
    }

    /** RFC 2782: the root as a target states that the service is decidedly not available at this domain. */
    static boolean decidedlyNot(Record record) {
        return record instanceof SRVRecord srv && srv.getTarget().equals(Name.root);
    }
}
