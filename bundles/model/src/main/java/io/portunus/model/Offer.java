// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a bundle brings to the data path, and of which one bundle serves: a role with a kind, {@code inspector.tls}. Its manifest declares each in
 * the header {@value #HEADER}, {@code inspector;kind=tls,filter;kind=proxy}; what is not declared there is not taken. Immutable.
 *
 * @param role what it is to a flow, {@code "inspector"}
 * @param kind its kind, {@code "tls"}
 */
public record Offer(String role, String kind) implements Comparable<Offer> {
    /** The header of the manifest. */
    public static final String HEADER = "Portunus-Provides";
    /** Most that a bundle may declare; what stands behind them does not count. */
    public static final int MAX_DECLARED = 64;
    private static final String INSPECTOR = "inspector";
    private static final String DATAGRAM_INSPECTOR = "datagram_inspector";
    private static final String POLICY = "policy";
    private static final String KIND = "kind=";
    private static final Comparator<Offer> ORDER = Comparator.comparing(Offer::role).thenComparing(Offer::kind);

    /** What recognises a kind among the clients of a protocol. */
    public static Offer inspector(Protocol protocol, String kind) {
        return new Offer(inspector(protocol), kind);
    }

    private static String inspector(Protocol protocol) {
        return switch (protocol) {
            case TCP -> INSPECTOR;
            case UDP -> DATAGRAM_INSPECTOR;
        };
    }

    /** A policy of a kind. */
    public static Offer policy(String kind) {
        return new Offer(POLICY, kind);
    }

    /** The kinds of a protocol that are recognised by some of these. */
    public static Set<String> recognised(Collection<Offer> offers, Protocol protocol) {
        return kinds(offers, inspector(protocol));
    }

    /** The kinds of the policies among these. */
    public static Set<String> policies(Collection<Offer> offers) {
        return kinds(offers, POLICY);
    }

    private static Set<String> kinds(Collection<Offer> offers, String role) {
        return offers.stream().filter(offer -> offer.role().equals(role)).map(Offer::kind).collect(Collectors.toUnmodifiableSet());
    }

    /** What the value of a header declares, in its order; a clause without a kind declares nothing. */
    public static List<Offer> declared(String header) {
        List<Offer> offers = new ArrayList<>();
        for (String clause : header.split(",")) {
            String[] parts = clause.split(";");
            for (int i = 1; i < parts.length && offers.size() < MAX_DECLARED; i++) {
                String part = parts[i].strip();
                if (part.startsWith(KIND)) {
                    offers.add(new Offer(parts[0].strip(), part.substring(KIND.length()).replace("\"", "")));
                }
            }
        }
        return List.copyOf(offers);
    }

    /** The kinds of a role that the value of a header declares. */
    public static List<String> kinds(String header, String role) {
        return declared(header).stream().filter(offer -> offer.role().equals(role)).map(Offer::kind).toList();
    }

    /** Reads what {@link #toString} writes. */
    public static Optional<Offer> parse(String text) {
        int dot = text.indexOf('.');
        return dot <= 0 || dot == text.length() - 1 ? Optional.empty() : Optional.of(new Offer(text.substring(0, dot), text.substring(dot + 1)));
    }

    /** As a manifest declares it, {@code "inspector;kind=tls"}. */
    public String clause() {
        return role + ";" + KIND + kind;
    }

    @Override
    public int compareTo(Offer other) {
        return ORDER.compare(this, other);
    }

    /** As problems and surfaces name it, {@code "inspector.tls"}. */
    @Override
    public String toString() {
        return role + "." + kind;
    }
}
