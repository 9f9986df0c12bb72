// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * What the system says of names: hosts(5) and resolv.conf(5), each read again when it has changed. dnsjava's readers are not used: that of
 * hosts gives one address a family, that of resolv.conf looks up what is no address. Confined to the thread of the resolver, which is why
 * reading a small file may take its time.
 */
final class SystemNames {
    /** What resolv.conf(5) calls MAXNS. */
    private static final int MAX_SERVERS = 3;
    /** As many suffixes as glibc knew for decades; each costs a round trip. */
    private static final int MAX_SUFFIXES = 6;
    private static final int PORT = 53;
    private static final String LOCALHOST = "localhost";
    private final WatchedFile<Map<String, List<InetAddress>>> hosts;
    private final WatchedFile<ResolvConf> resolvConf;

    /** @param servers never empty: without any, that of this machine, as the C library does */
    private record ResolvConf(List<InetSocketAddress> servers, List<Name> search) {
    }

    SystemNames(Path hosts, Path resolvConf, InstantSource clock) {
        this.hosts = new WatchedFile<>(hosts, clock, SystemNames::parseHosts);
        this.resolvConf = new WatchedFile<>(resolvConf, clock, SystemNames::parseResolvConf);
    }

    static SystemNames ofThisMachine(InstantSource clock) {
        return new SystemNames(Path.of("/etc/hosts"), Path.of("/etc/resolv.conf"), clock);
    }

    /** The addresses in the file of hosts. {@code localhost} and what is below has one even without it, and is never asked for (RFC 6761 §6.3). */
    Optional<List<InetAddress>> hosts(String name) {
        List<InetAddress> listed = hosts.content().getOrDefault(name, List.of());
        if (!listed.isEmpty()) {
            return Optional.of(listed);
        }
        return name.equals(LOCALHOST) || name.endsWith("." + LOCALHOST)
            ? Optional.of(List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")))
            : Optional.empty();
    }

    List<InetSocketAddress> servers() {
        return resolvConf.content().servers();
    }

    List<Name> search() {
        return resolvConf.content().search();
    }

    private static Map<String, List<InetAddress>> parseHosts(List<String> lines) {
        Map<String, List<InetAddress>> all = new HashMap<>();
        for (String line : lines) {
            String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
            Literals.address(words[0]).ifPresent(address -> {
                for (int i = 1; i < words.length; i++) {
                    List<InetAddress> listed = all.computeIfAbsent(words[i].toLowerCase(Locale.ROOT), _ -> new ArrayList<>(1));
                    if (listed.size() < Wanted.MAX_ADDRESSES && !listed.contains(address)) {
                        listed.add(address);
                    }
                }
            });
        }
        return all;
    }

    private static ResolvConf parseResolvConf(List<String> lines) {
        List<InetSocketAddress> servers = new ArrayList<>();
        List<Name> search = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            switch (words[0]) {
                case "nameserver" -> {
                    if (words.length > 1 && servers.size() < MAX_SERVERS) {
                        Literals.address(words[1]).ifPresent(address -> servers.add(new InetSocketAddress(address, PORT)));
                    }
                }
                // The last line of either kind counts, resolv.conf(5).
                case "search", "domain" -> {
                    search.clear();
                    for (int i = 1; i < words.length && search.size() < MAX_SUFFIXES; i++) {
                        suffix(words[i]).ifPresent(search::add);
                    }
                }
                default -> { }
            }
        }
        if (servers.isEmpty()) {
            servers.add(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT));
        }
        return new ResolvConf(List.copyOf(servers), List.copyOf(search));
    }

    /** The root as a suffix is no suffix: the name itself is asked for at the end anyhow. */
    private static Optional<Name> suffix(String text) {
        try {
            return Optional.of(Name.fromString(text, Name.root)).filter(name -> !name.equals(Name.root));
        } catch (TextParseException e) {
            return Optional.empty();
        }
    }
}
