// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the system holds of names: hosts(5) and resolv.conf(5), each read again when it has changed. dnsjava's readers are not used: that of
 * hosts gives one address a family, that of resolv.conf looks up what is no address. Confined to the thread of the resolver, which is why
 * reading a small file may take its time.
 */
final class SystemNames {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final String LOCALHOST = "localhost";
    private final WatchedFile<Map<String, List<InetAddress>>> hosts;
    private final WatchedFile<ResolvConf> resolvConf;
    /** What both held when {@link #changed} was asked last. */
    private Object seen = List.of();

    SystemNames(Path hosts, Path resolvConf, InstantSource clock) {
        this(hosts, resolvConf, clock, "");
    }

    /** @param hostName name of this machine, with its domain if it has one */
    SystemNames(Path hosts, Path resolvConf, InstantSource clock, String hostName) {
        this.hosts = new WatchedFile<>(hosts, clock, SystemNames::parseHosts);
        this.resolvConf = new WatchedFile<>(resolvConf, clock, lines -> ResolvConf.parse(lines, hostName));
    }

    static SystemNames ofThisMachine(InstantSource clock) {
        return new SystemNames(Path.of("/etc/hosts"), Path.of("/etc/resolv.conf"), clock, hostName());
    }

    /** As gethostname(2) has it. */
    private static String hostName() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException noLinux) {
            return "";
        }
    }

    /** Whether one of the files differs from when this was asked last. */
    boolean changed() {
        Object now = List.of(hosts.content(), resolvConf.content());
        boolean changed = !now.equals(seen);
        seen = now;
        return changed;
    }

    /**
     * The addresses in the file of hosts, which has no dots at the end of names. {@code localhost} and what is below has one even without it,
     * and is never asked for (RFC 6761 §6.3).
     */
    Optional<List<InetAddress>> hosts(String written) {
        String name = written.endsWith(".") ? written.substring(0, written.length() - 1) : written;
        List<InetAddress> listed = hosts.content().getOrDefault(name, List.of());
        if (!listed.isEmpty()) {
            return Optional.of(listed);
        }
        return name.equals(LOCALHOST) || name.endsWith("." + LOCALHOST)
            ? Optional.of(List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")))
            : Optional.empty();
    }

    ResolvConf resolvConf() {
        return resolvConf.content();
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
}
