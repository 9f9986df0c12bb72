// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.ListShape;
import io.portunus.config.api.TomlForms;
import io.portunus.config.api.TomlSection;
import io.portunus.model.Hostnames;
import io.portunus.model.IpLiterals;
import io.portunus.model.ProblemCode;
import io.portunus.model.SocketAddresses;
import io.portunus.model.Spelling;
import io.portunus.node.api.Setting;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Reads a value of a declared key, in the form that its declaration names. Stateless. */
final class SettingForms {
    /** Longest path of a socket in bytes: unix(7) has 108 with the zero at the end. */
    private static final int MAX_SOCKET_BYTES = 107;
    private static final int DNS_PORT = 53;
    private static final ListenAddress EXAMPLE = ListenAddress.parse("127.0.0.1:9000").orElseThrow();

    private SettingForms() {
    }

    /** The value as its component gets it; empty if the key is absent, or wrong, which is a problem. */
    static Optional<Object> read(TomlSection section, DeclaredKey key) {
        return switch (key.form()) {
            case Setting.TIME -> section.time(key.key(), key.times()).map(time -> key.number(time.toMillis()));
            case Setting.SIZE -> size(section, key).map(key::number);
            case Setting.TEXT -> section.text(key.key(), (int) key.min(), (int) key.max()).map(text -> text);
            case Setting.LISTEN -> listen(section, key).map(listen -> listen);
            // Read with the address that it belongs to.
            case Setting.DUAL_STACK -> Optional.empty();
            default -> key.isNumber() && !key.isList() ? number(section, key).map(key::number) : other(section, key);
        };
    }

    private static Optional<Object> other(TomlSection section, DeclaredKey key) {
        if (key.type().equals("Boolean")) {
            return section.flag(key.key()).map(flag -> flag);
        }
        if (key.isList()) {
            return list(section, key).map(list -> list);
        }
        return key.options().isEmpty() ? single(section, key).map(text -> text) : section.word(key.key(), key.words()).map(key::option);
    }

    private static Optional<Long> number(TomlSection section, DeclaredKey key) {
        Optional<Long> number = section.number(key.key(), key.zero() ? 0 : key.min(), key.max(), ProblemCode.INVALID_VALUE);
        if (number.filter(value -> value != 0 && value < key.min()).isPresent()) {
            section.problem(ProblemCode.INVALID_VALUE, key.key(), number.get() + " is neither 0 nor within " + key.min() + " to " + key.max()
                + "; write a number within, or 0 to leave it to the node");
            return Optional.empty();
        }
        return number;
    }

    private static Optional<Long> size(TomlSection section, DeclaredKey key) {
        Optional<String> text = section.value(key.key(), String.class, "a size in quotes, as in \"64MiB\"");
        Optional<Long> size = text.flatMap(ByteCount::parse).filter(its -> its == 0 && key.zero() || its >= key.min() && its <= key.max());
        if (text.isPresent() && size.isEmpty()) {
            section.problem(ProblemCode.INVALID_VALUE, key.key(), TomlSection.echo(text.get()) + " is no size from " + ByteCount.text(key.min())
                + " to " + ByteCount.text(key.max()) + "; write a whole number and KiB, MiB or GiB, as in \"64MiB\""
                + (key.zero() ? ", or \"0\"" : ""));
        }
        return size;
    }

    private static Optional<ListenAddress> listen(TomlSection section, DeclaredKey key) {
        Optional<String> text = section.string(key.key());
        Optional<ListenAddress> address = text.flatMap(ListenAddress::parse);
        if (text.isPresent() && address.isEmpty()) {
            ListenAddress example = key.absent().flatMap(ListenAddress::parse).orElse(EXAMPLE);
            section.problem(ProblemCode.INVALID_VALUE, key.key(), TomlSection.echo(text.get()) + " is not ip:port; write " + example.text()
                + " or [::1]:" + example.port() + ", with a port from 0 to 65535");
        }
        return address;
    }

    private static Optional<List<String>> list(TomlSection section, DeclaredKey key) {
        if (key.form().equals(Setting.NAME) && section.isText(key.key())) {
            return single(section, key).map(List::of);
        }
        Set<String> seen = new HashSet<>();
        UnaryOperator<String> reader = key.options().isEmpty() ? text -> refined(key, text) : word -> choice(key, word, seen);
        return section.list(key.key(), new ListShape(key.least(), key.most(), key.example()), reader);
    }

    private static Optional<String> single(TomlSection section, DeclaredKey key) {
        try {
            return section.string(key.key()).map(text -> refined(key, text));
        } catch (IllegalArgumentException wrong) {
            section.problem(ProblemCode.INVALID_VALUE, key.key(), TomlForms.sentence(wrong));
            return Optional.empty();
        }
    }

    private static String choice(DeclaredKey key, String word, Set<String> seen) {
        if (!key.words().contains(word)) {
            throw new IllegalArgumentException(TomlSection.echo(word) + " is none of " + String.join(", ", key.words())
                + Spelling.nearest(word, key.words()).map(near -> "; did you mean '" + near + "'?").orElse("; write some of them"));
        }
        if (!seen.add(word)) {
            throw new IllegalArgumentException(TomlSection.echo(word) + " is there twice; remove one of them");
        }
        return key.option(word);
    }

    private static String refined(DeclaredKey key, String text) {
        return switch (key.form()) {
            case Setting.PATH -> path(key, text);
            case Setting.SOCKET -> {
                socketProblem(text).ifPresent(wrong -> {
                    throw new IllegalArgumentException(wrong);
                });
                yield text;
            }
            case Setting.SERVER -> server(text);
            case Setting.PEER -> peer(key, text);
            case Setting.BLOCK -> TomlForms.block(text).toString();
            case Setting.NAME -> hostName(text);
            default -> text;
        };
    }

    private static String path(DeclaredKey key, String text) {
        if (!isAbsolutePath(text) || text.endsWith("/")) {
            throw new IllegalArgumentException(TomlSection.echo(text) + " is not the absolute path of a file; write it from the root on, as in "
                + key.example());
        }
        return text;
    }

    /** What keeps a text from being the path of a socket. */
    static Optional<String> socketProblem(String path) {
        if (!isAbsolutePath(path)) {
            return Optional.of(TomlSection.echo(path) + " is not an absolute path; write the path of the socket from the root on");
        }
        int bytes = path.getBytes(StandardCharsets.UTF_8).length;
        return bytes <= MAX_SOCKET_BYTES ? Optional.empty()
            : Optional.of("the path has " + bytes + " bytes; the path of a socket has at most " + MAX_SOCKET_BYTES);
    }

    /** Whether the text is a path that does not depend on the folder where the process was started. */
    private static boolean isAbsolutePath(String text) {
        try {
            return text.chars().noneMatch(Character::isISOControl) && Path.of(text).isAbsolute();
        } catch (InvalidPathException noPath) {
            return false;
        }
    }

    /** A server with its port, {@code "192.0.2.53:53"}, whichever way it was written. */
    private static String server(String text) {
        return IpLiterals.parse(text).map(address -> new InetSocketAddress(address, DNS_PORT)).or(() -> SocketAddresses.parse(text))
            .filter(server -> server.getPort() != 0 && !server.getAddress().isMulticastAddress() && !server.getAddress().isAnyLocalAddress())
            .map(SocketAddresses::text)
            .orElseThrow(() -> new IllegalArgumentException(TomlSection.echo(text)
                + " is no address of a server; write an IP address, or ip:port with an IPv6 address in brackets"));
    }

    private static String peer(DeclaredKey key, String text) {
        if (SocketAddresses.parse(text).filter(a -> a.getPort() != 0 && !a.getAddress().isAnyLocalAddress()).isEmpty()) {
            throw new IllegalArgumentException(TomlSection.echo(text) + " is no ip:port; write an address as " + key.example());
        }
        return text;
    }

    private static String hostName(String name) {
        if (!Hostnames.isName(name)) {
            throw new IllegalArgumentException(TomlSection.echo(name) + " is no host name; write one without a port, as in "
                + "\"portunus.example.com\", or leave it out" + Hostnames.hint(name));
        }
        return name;
    }
}
