// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.NameAnswer.Problem;
import io.portunus.model.Cidr;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;

/**
 * Addresses that no answer of a server may bring, such as those of one's own network, to which whoever has a name could else lead connections.
 * Confined to the thread of the resolver.
 */
final class DeniedAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(DeniedAddresses.class);
    /** Names that are logged until all are logged anew. */
    private static final int MAX_REPORTED = 256;
    private final List<Cidr> blocks;
    /** So that a name that is looked up again and again is logged once. */
    private final Set<Name> reported = new HashSet<>();

    DeniedAddresses(List<Cidr> blocks) {
        this.blocks = blocks;
    }

    List<Cidr> blocks() {
        return blocks;
    }

    boolean denies(InetAddress address) {
        return blocks.stream().anyMatch(block -> block.contains(address));
    }

    /** The answer without them; if nothing else is in it, that is why there is nothing. */
    <T> FamilyAnswer<T> without(Name name, FamilyAnswer<T> answer) {
        if (blocks.isEmpty() || answer.records().stream().noneMatch(this::deniesRecord)) {
            return answer;
        }
        report(name, answer.records().stream().filter(this::deniesRecord).toList());
        List<T> left = answer.records().stream().filter(record -> !deniesRecord(record)).toList();
        return left.isEmpty() ? FamilyAnswer.none(Problem.DENIED, answer.ttl(), answer.server())
            : FamilyAnswer.found(left, answer.ttl(), answer.server());
    }

    /** Hosts of services are names, whose addresses are looked at when they are looked up. */
    private boolean deniesRecord(Object record) {
        return record instanceof InetAddress address && denies(address);
    }

    private void report(Name name, List<?> addresses) {
        if (reported.size() >= MAX_REPORTED) {
            reported.clear();
        }
        if (reported.add(name)) {
            LOG.atWarn().addKeyValue("event", "dns.denied").addKeyValue("name", name.toString(true)).addKeyValue("addresses", addresses)
                .log("an answer has addresses that [dns] deny does not let through; they are not used");
        }
    }
}
