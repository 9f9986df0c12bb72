// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.NameAnswer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A resolver with one server, files in a folder of the test, and a clock that the test turns. Confined to the thread of the test. */
final class ResolverBench {
    static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.53"), 53);
    static final DnsSettings DEFAULTS = settings(List.of(SERVER));
    final FakeTime time = new FakeTime();
    final FakeExchange exchange = new FakeExchange(time);
    final Zone zone = new Zone();
    final Path folder;
    Names names;

    ResolverBench(Path folder) {
        this.folder = folder;
        exchange.zones.put(SERVER, zone);
        names = names(DEFAULTS);
    }

    static DnsSettings settings(List<InetSocketAddress> servers) {
        return new DnsSettings(servers, seconds(3), seconds(5), seconds(300), seconds(30), seconds(3), 8192, 64);
    }

    /** Without files. */
    Names names(DnsSettings settings) {
        return new Names(time, exchange, new SystemNames(Path.of("no-hosts"), Path.of("no-resolv.conf"), time), time, new Random(1), settings);
    }

    /** With the files of the folder. */
    Names onThisMachine(DnsSettings settings) {
        SystemNames system = new SystemNames(folder.resolve("hosts"), folder.resolve("resolv.conf"), time);
        return new Names(time, exchange, system, time, new Random(1), settings);
    }

    /** Makes the resolver one that goes by a resolv.conf with these lines besides its server. */
    void resolvConf(String... lines) throws IOException {
        Files.writeString(folder.resolve("resolv.conf"), "nameserver 192.0.2.53\n" + String.join("\n", lines) + "\n");
        names = onThisMachine(settings(List.of()));
    }

    /** What is answered at once, or nothing so far. */
    List<NameAnswer> ask(String name) {
        List<NameAnswer> answers = new ArrayList<>();
        names.resolve(name, Runnable::run, answers::add);
        return answers;
    }

    NameAnswer answer(String name) {
        List<NameAnswer> answers = ask(name);
        if (answers.size() != 1) {
            throw new AssertionError("told " + answers + " of " + name);
        }
        return answers.getFirst();
    }

    static List<InetAddress> addresses(String... literals) {
        return Arrays.stream(literals).map(InetAddress::ofLiteral).toList();
    }

    static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
