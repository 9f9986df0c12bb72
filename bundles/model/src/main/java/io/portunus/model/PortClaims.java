// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rules that listen on one port, by their places in the set. Places are added in rising order. Confined to one thread. */
final class PortClaims {
    /** In place of a rule: none. Behind every place. */
    static final int NONE = Integer.MAX_VALUE;
    private static final Optional<InetAddress> ANY4 = IpLiterals.parse("0.0.0.0");
    private static final Optional<InetAddress> ANY6 = IpLiterals.parse("::");

    private final Map<Optional<InetAddress>, Group> groups = HashMap.newHashMap(1);
    /** The first rule on an address of its own, not on all of a family. */
    private int firstSpecific4 = NONE;
    private int firstSpecific6 = NONE;

    /**
     * For which connections two rules get in each other's way: those of one kind and name, on the same conditions.
     *
     * @param kind kind, that of TLS for the hello of every protocol; empty where the rule sets none
     * @param name name that is wanted
     * @param conditions number of the application protocols and sources that are wanted; equal ones have equal numbers
     */
    record Slot(String kind, Optional<HostPattern> name, int conditions) {
        /** The number of no conditions. */
        static final int ALWAYS = 0;

        /** The slots of rules, in their order. */
        static List<Slot> of(List<Rule> rules) {
            Map<List<Set<?>>, Integer> numbers = new HashMap<>(Map.of(List.of(Set.of(), Set.of(), Set.of()), ALWAYS));
            List<Slot> slots = new ArrayList<>();
            for (Rule rule : rules) {
                Match match = rule.match();
                int number = !match.conditional() ? ALWAYS
                    : numbers.computeIfAbsent(conditions(match), conditions -> numbers.size());
                slots.add(new Slot(rule.kind(Protocol.TCP).orElse(""), match.name(), number));
            }
            return slots;
        }

        /** In no order, as the order decides nothing. */
        private static List<Set<?>> conditions(Match match) {
            return List.of(Set.copyOf(match.alpn()), Set.copyOf(match.sources().allow()), Set.copyOf(match.sources().deny()));
        }

        /** The same conditions for another kind, of whatever name. */
        Slot ofKind(String other) {
            return new Slot(other, Optional.empty(), conditions);
        }
    }

    /** The rules of one address. */
    static final class Group {
        /** Most groups, those of wide ranges, have one entry. */
        private final Map<Slot, Integer> firstOfSlot = HashMap.newHashMap(1);
        private boolean byName;
        private int first = NONE;
        private int firstRange = NONE;
        private int firstRangeOfKind = NONE;
        private int firstOfAnyKind = NONE;
        private int firstOfOtherKind = NONE;
        private int firstTls = NONE;
        private int firstKindless = NONE;

        private void add(int place, Match match, Slot slot, boolean partOfRange) {
            first = Math.min(first, place);
            firstOfSlot.putIfAbsent(slot, place);
            if (match.kind().isEmpty()) {
                firstKindless = Math.min(firstKindless, place);
            } else {
                firstOfAnyKind = Math.min(firstOfAnyKind, place);
                if (!Prelude.isHello(slot.kind())) {
                    firstOfOtherKind = Math.min(firstOfOtherKind, place);
                } else if (match.name().isPresent()) {
                    byName = true;
                } else {
                    firstTls = Math.min(firstTls, place);
                }
            }
            if (partOfRange) {
                firstRange = Math.min(firstRange, place);
                firstRangeOfKind = Math.min(firstRangeOfKind, match.kind().isPresent() ? place : NONE);
            }
        }

        /** Whether a rule without a kind takes the rest here, not everything. */
        boolean byName() {
            return byName;
        }

        boolean hasRange() {
            return firstRange != NONE;
        }

        int first() {
            return first;
        }

        /** The first rule for the same connections. */
        int firstLike(Slot slot) {
            return firstOfSlot.getOrDefault(slot, NONE);
        }

        /** The first rule that takes, on the same conditions, what no name takes. */
        int firstFallback(Slot slot, Protocol protocol) {
            int ofHello = protocol.fallsBackTo(protocol.helloKind()) ? firstLike(slot.ofKind(Prelude.TLS)) : NONE;
            return Math.min(firstLike(slot.ofKind("")), ofHello);
        }

        /** The first rule that cannot stand beside another, whatever its conditions; that may be the rule itself. */
        int firstRival(Match match, Slot slot, boolean partOfRange) {
            if (match.kind().isPresent()) {
                boolean withFallback = byName && Prelude.isHello(slot.kind());
                int rest = match.sni().isPresent() || withFallback ? NONE : firstKindless;
                return Math.min(rest, partOfRange ? first() : firstRange);
            }
            int ofKind = byName ? firstOfOtherKind : Math.min(firstOfOtherKind, firstTls);
            int ofRange = partOfRange ? firstOfAnyKind : firstRangeOfKind;
            int same = byName && !hasRange() ? NONE : firstLike(slot);
            return Math.min(same, Math.min(ofKind, ofRange));
        }
    }

    void add(int place, Rule rule, Slot slot, boolean partOfRange) {
        if (rule.bind().filter(address -> !address.isAnyLocalAddress()).isPresent()) {
            if (isIpv6(rule.bind().get())) {
                firstSpecific6 = Math.min(firstSpecific6, place);
            } else {
                firstSpecific4 = Math.min(firstSpecific4, place);
            }
        }
        groups.computeIfAbsent(rule.bind(), a -> new Group()).add(place, rule.match(), slot, partOfRange);
    }

    /** The rules that share a listener with one. */
    Group group(Rule rule) {
        return groups.computeIfAbsent(rule.bind(), a -> new Group());
    }

    /** The first rule on another address that is, or holds, the address of one. */
    int firstOverlap(Rule rule) {
        int everywhere = first(Optional.empty());
        if (rule.bind().isEmpty()) {
            return Math.min(Math.min(first(ANY4), first(ANY6)), Math.min(firstSpecific4, firstSpecific6));
        }
        InetAddress address = rule.bind().get();
        int ofFamily = isIpv6(address) ? firstSpecific6 : firstSpecific4;
        return Math.min(everywhere, address.isAnyLocalAddress() ? ofFamily : first(isIpv6(address) ? ANY6 : ANY4));
    }

    private int first(Optional<InetAddress> address) {
        Group group = groups.get(address);
        return group == null ? NONE : group.first();
    }

    private static boolean isIpv6(InetAddress address) {
        return address instanceof Inet6Address;
    }
}
