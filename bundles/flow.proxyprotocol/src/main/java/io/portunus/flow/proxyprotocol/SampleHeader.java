// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.FilterVerdict;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.HeaderFacts;
import io.portunus.flow.spi.ListenerFilter;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.Prelude;
import io.portunus.model.Problem;
import io.portunus.model.Protocol;
import io.portunus.model.ProxyHeader;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A connection, the header it deserves, and what that header declares to whoever reads it. Immutable.
 *
 * @param name what it is
 * @param facts the connection
 * @param hex the header; empty where it differs from one process to the next
 * @param declared the addresses that are read from it
 */
record SampleHeader(String name, HeaderFacts facts, String hex, Optional<Addresses> declared) {
    private static final ProxyHeader TEXT = ProxyHeader.of(ProxyHeader.Version.V1);
    private static final ProxyHeader BINARY = ProxyHeader.of(ProxyHeader.Version.V2);
    private static final ProxyHeader CHECKED = new ProxyHeader(ProxyHeader.Version.V2, EnumSet.of(ProxyHeader.Tlv.CRC32C), false);
    private static final ProxyHeader EVERYTHING = new ProxyHeader(ProxyHeader.Version.V2, EnumSet.allOf(ProxyHeader.Tlv.class), true);
    private static final Optional<Addresses> FOUR = Optional.of(ends("192.0.2.1", "198.51.100.7"));
    private static final Optional<Addresses> SIX = Optional.of(ends("2001:db8::1:0:0:1", "2001:db8::7"));
    private static final DeclaredOrigin HEALTH_CHECK = new DeclaredOrigin(Optional.empty(), List.of());

    static final List<SampleHeader> ALL = List.of(
        new SampleHeader("v1 IPv4", facts(FOUR, TEXT), """
            50524f585920544350342031 39322e302e322e31 203139382e35312e3130302e37 203536333234 20343433 0d0a""", FOUR),
        new SampleHeader("v1 IPv6", facts(SIX, TEXT), """
            50524f585920544350362032 3030313a6462383a3a313a303a303a31 20323030313a6462383a3a37 203536333234 20343433 0d0a""", SIX),
        new SampleHeader("v1 mixed families", facts(Optional.of(ends("192.0.2.1", "2001:db8::7")), TEXT), """
            50524f585920 554e4b4e4f574e 0d0a""", Optional.empty()),
        new SampleHeader("v2 IPv4", facts(FOUR, BINARY), """
            0d0a0d0a000d0a515549540a 21 11 000c c0000201 c6336407 dc04 01bb""", FOUR),
        new SampleHeader("v2 IPv6", facts(SIX, BINARY), """
            0d0a0d0a000d0a515549540a 21 21 0024 20010db8000000000001000000000001 20010db8000000000000000000000007 dc04 01bb""", SIX),
        new SampleHeader("v2 mixed families", facts(Optional.of(ends("192.0.2.1", "2001:db8::7")), BINARY), """
            0d0a0d0a000d0a515549540a 20 00 0000""", Optional.empty()),
        new SampleHeader("v2 health check of a balancer", facts(Optional.empty(), BINARY), """
            0d0a0d0a000d0a515549540a 20 00 0000""", Optional.empty()),
        new SampleHeader("v2 with checksum", facts(FOUR, CHECKED), """
            0d0a0d0a000d0a515549540a 21 11 0013 c0000201 c6336407 dc04 01bb 03 0004 d45a11b9""", FOUR),
        new SampleHeader("v2 with everything", facts(SIX, EVERYTHING), "", SIX),
        new SampleHeader("v2 of a datagram", datagram(FOUR), """
            0d0a0d0a000d0a515549540a 21 12 000c c0000201 c6336407 dc04 01bb""", FOUR));

    /** What is written or read wrongly, one problem a sample at most. */
    static List<Problem> broken(UpstreamHeader upstream, ListenerFilter filter) {
        return ALL.stream().flatMap(sample -> sample.check(upstream, filter)).toList();
    }

    private Stream<Problem> check(UpstreamHeader upstream, ListenerFilter filter) {
        byte[] header = upstream.bytes(facts);
        String written = HexFormat.of().formatHex(header);
        if (!hex.isEmpty() && !written.equals(hex.replace(" ", ""))) {
            return Stream.of(problem("is written as " + written));
        }
        for (int cut = 1; cut <= header.length; cut++) {
            Filtering filtering = filter.begin(facts.protocol());
            FilterVerdict first = filtering.filter(ByteBuffer.wrap(header, 0, cut));
            // A header is none before its last byte.
            boolean early = cut < header.length && first != FilterVerdict.MORE;
            FilterVerdict last = first == FilterVerdict.MORE ? filtering.filter(ByteBuffer.wrap(header)) : first;
            boolean right = last instanceof FilterVerdict.Header(int length, DeclaredOrigin origin) && length == header.length
                && origin.addresses().equals(declared);
            if (early || !right) {
                return Stream.of(problem("cut behind byte " + cut + ", is taken for " + last));
            }
        }
        return Stream.empty();
    }

    private Problem problem(String what) {
        return Problem.of(SelfCheck.FAILED, "flow.proxyprotocol", "the sample '" + name + "' " + what);
    }

    /** A TLS client's connection with these ends; without them somebody in front checks the health of what is behind him. */
    private static HeaderFacts facts(Optional<Addresses> ends, ProxyHeader header) {
        Target plain = Target.of(TargetAddress.parse("target.example:443"));
        Target target = new Target(plain.address(), plain.priority(), plain.weight(), plain.maxConnections(), Optional.of(header), plain.drained());
        Prelude prelude = new Prelude(Prelude.TLS, Optional.of("www.example.com"), List.of("h2", "http/1.1"), false);
        Optional<DeclaredOrigin> declared = ends.isPresent() ? Optional.empty() : Optional.of(HEALTH_CHECK);
        return new HeaderFacts(1, ends.orElseGet(() -> ends("203.0.113.9", "198.51.100.7")), declared, prelude, target, Protocol.TCP);
    }

    private static HeaderFacts datagram(Optional<Addresses> ends) {
        HeaderFacts stream = facts(ends, BINARY);
        return new HeaderFacts(stream.flow(), stream.addresses(), stream.declared(), stream.prelude(), stream.target(), Protocol.UDP);
    }

    private static Addresses ends(String client, String local) {
        return new Addresses(new InetSocketAddress(InetAddress.ofLiteral(client), 56324), new InetSocketAddress(InetAddress.ofLiteral(local), 443));
    }
}
