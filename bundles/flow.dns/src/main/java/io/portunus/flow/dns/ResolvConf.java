// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.TextParseException;

/**
 * What resolv.conf(5) sets, read as the C library reads it. Immutable.
 *
 * @param servers never empty: without any, that of this machine
 * @param search the suffixes, in their order; the root among them stands for the name as it is written
 * @param options the rest
 */
record ResolvConf(List<InetSocketAddress> servers, List<Name> search, Options options) {
    /** What resolv.conf(5) calls MAXNS. */
    private static final int MAX_SERVERS = 3;
    /** As many as Kubernetes writes at most; the C library has no bound since 2.26. Each costs a round trip. */
    private static final int MAX_SUFFIXES = 32;
    private static final int PORT = 53;

    /**
     * The line {@code options}; what is not listed here asks for nothing that is done otherwise.
     *
     * @param ndots a name with as many dots is asked for as it is written before the suffixes are tried
     * @param timeout how long a server may be silent; empty if nothing is set for silence, else the C library's default or what is set
     * @param rounds how often each server is asked
     * @param rotate whether look-ups begin with the servers in turn
     * @param oneByOne whether the families are asked for one after the other
     * @param withoutIpv6 whether IPv6 is not asked for
     * @param dottedOnly whether a name without dots is never asked for as it is written
     */
    record Options(int ndots, Optional<Duration> timeout, int rounds, boolean rotate, boolean oneByOne, boolean withoutIpv6, boolean dottedOnly) {
        static final Options NONE = new Options(1, Optional.empty(), 2, false, false, false, false);
        private static final int MAX_NDOTS = 15;
        private static final int MAX_TIMEOUT_SECONDS = 30;
        private static final int MAX_ROUNDS = 5;
        private static final Duration USUAL = Duration.ofSeconds(5);

        /** What is set for names, without what is set for servers. */
        Options ofNames() {
            return new Options(ndots, NONE.timeout, NONE.rounds, NONE.rotate, NONE.oneByOne, withoutIpv6, dottedOnly);
        }

        private Options with(String word) {
            int colon = word.indexOf(':');
            int number = colon < 0 ? 0 : number(word.substring(colon + 1));
            return switch (colon < 0 ? word : word.substring(0, colon + 1)) {
                case "ndots:" -> new Options(Math.clamp(number, 0, MAX_NDOTS), timeout, rounds, rotate, oneByOne, withoutIpv6, dottedOnly);
                case "timeout:" -> new Options(ndots, Optional.of(Duration.ofSeconds(Math.clamp(number, 1, MAX_TIMEOUT_SECONDS))), rounds, rotate,
                    oneByOne, withoutIpv6, dottedOnly);
                case "attempts:" -> new Options(ndots, timeout.or(() -> Optional.of(USUAL)), Math.clamp(number, 1, MAX_ROUNDS), rotate, oneByOne,
                    withoutIpv6, dottedOnly);
                case "rotate" -> new Options(ndots, timeout, rounds, true, oneByOne, withoutIpv6, dottedOnly);
                // Each question has a socket of its own, so there is nothing to reopen.
                case "single-request" -> new Options(ndots, timeout, rounds, rotate, true, withoutIpv6, dottedOnly);
                case "no-aaaa" -> new Options(ndots, timeout, rounds, rotate, oneByOne, true, dottedOnly);
                case "no-tld-query" -> new Options(ndots, timeout, rounds, rotate, oneByOne, withoutIpv6, true);
                default -> this;
            };
        }

        /** What atoi(3) makes of it, as far as it is within the bounds above. */
        private static int number(String text) {
            int end = 0;
            while (end < text.length() && end < 4 && Character.digit(text.charAt(end), 10) >= 0) {
                end++;
            }
            return end == 0 ? 0 : Integer.parseInt(text.substring(0, end));
        }
    }

    /**
     * Reads the lines; what makes no sense is left out, as the C library does.
     *
     * @param hostName name of this machine, whose domain is the search list where none is set
     */
    static ResolvConf parse(List<String> lines, String hostName) {
        List<InetSocketAddress> servers = new ArrayList<>();
        List<Name> search = new ArrayList<>();
        Options options = Options.NONE;
        boolean searchIsSet = false;
        for (String line : lines) {
            // The keyword begins the line, or it is none.
            String[] words = line.stripTrailing().split("[ \\t]+");
            switch (words[0]) {
                case "nameserver" -> server(words).filter(_ -> servers.size() < MAX_SERVERS).ifPresent(servers::add);
                // The last line of either kind counts.
                case "search", "domain" -> {
                    searchIsSet = true;
                    search.clear();
                    int most = words[0].equals("domain") ? 1 : MAX_SUFFIXES;
                    for (int i = 1; i < words.length && i <= most; i++) {
                        suffix(words[i]).ifPresent(search::add);
                    }
                }
                case "options" -> {
                    for (int i = 1; i < words.length; i++) {
                        options = options.with(words[i]);
                    }
                }
                default -> { }
            }
        }
        if (servers.isEmpty()) {
            servers.add(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT));
        }
        int dot = hostName.indexOf('.');
        if (!searchIsSet && dot > 0) {
            suffix(hostName.substring(dot + 1)).ifPresent(search::add);
        }
        return new ResolvConf(List.copyOf(servers), List.copyOf(search), options);
    }

    private static Optional<InetSocketAddress> server(String... words) {
        return words.length < 2 ? Optional.empty() : Literals.address(words[1]).map(address -> new InetSocketAddress(address, PORT));
    }

    private static Optional<Name> suffix(String text) {
        try {
            return Optional.of(Name.fromString(text, Name.root));
        } catch (TextParseException e) {
            return Optional.empty();
        }
    }

    /**
     * The names to ask for, in their order, each once, at most one for each suffix and the name itself.
     *
     * @param name as it is written, with the root behind it
     * @param absolute whether it was written with a dot at its end, so that it is no other name's beginning
     */
    Lookup.Candidates candidates(Name name, boolean absolute) {
        Set<Name> all = new LinkedHashSet<>();
        boolean asWrittenFirst = absolute || dots(name) >= options.ndots();
        if (asWrittenFirst) {
            all.add(name);
        }
        if (!absolute) {
            search.forEach(suffix -> concatenated(name, suffix).ifPresent(all::add));
            if (all.isEmpty() || !options.dottedOnly() || dots(name) > 0) {
                all.add(name);
            }
        }
        return new Lookup.Candidates(List.copyOf(all), asWrittenFirst);
    }

    private static int dots(Name name) {
        // The root is a label.
        return name.labels() - 2;
    }

    private static Optional<Name> concatenated(Name absolute, Name suffix) {
        try {
            return Optional.of(Name.concatenate(absolute.relativize(Name.root), suffix));
        } catch (NameTooLongException e) {
            return Optional.empty();
        }
    }
}
