// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names of events in the sources of bundles and launcher: what follows the key {@code "event"}, the first name in a call of {@code event}
 * or of {@code new Notice}, and every dotted name in a class whose name ends with {@code Events}. A name that is put together at run time
 * is not seen. Immutable.
 *
 * @param bundles by event, who logs it
 * @param levels by event, the levels it is logged at, as far as the statement names them
 */
record LoggedEvents(Map<String, TreeSet<String>> bundles, Map<String, TreeSet<String>> levels) {
    private static final String NAME = "\"([a-z0-9_]+(?:\\.[a-z0-9_]+)+)\"";
    private static final Pattern WITH_LEVEL = Pattern.compile(
        "(?:\\.at(Error|Warn|Info|Debug|Trace)\\(\\)|\\b(?:event|Notice)\\(\"(error|warn|info|debug|trace)\",)[^;\"]*(?:\"event\",\\s*)?" + NAME);
    private static final Pattern ANYWHERE = Pattern.compile("\"event\",\\s*" + NAME);
    private static final Pattern LITERAL = Pattern.compile(NAME);

    static LoggedEvents scan() {
        LoggedEvents events = new LoggedEvents(new TreeMap<>(), new TreeMap<>());
        Checkout.bundleFolders().forEach(folder -> events.scan(folder.getFileName().toString(), folder));
        events.scan("launcher", Checkout.root().resolve("distribution"));
        return events;
    }

    private void scan(String bundle, Path folder) {
        Path sources = folder.resolve("src/main/java");
        if (!Files.isDirectory(sources)) {
            return;
        }
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                read(bundle, file.toString().endsWith("Events.java"), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(String bundle, boolean onlyEvents, String source) {
        Matcher withLevel = WITH_LEVEL.matcher(source);
        while (withLevel.find()) {
            String level = withLevel.group(1) == null ? withLevel.group(2) : withLevel.group(1);
            levels.computeIfAbsent(withLevel.group(3), k -> new TreeSet<>()).add(level.toLowerCase(Locale.ROOT));
            bundles.computeIfAbsent(withLevel.group(3), k -> new TreeSet<>()).add(bundle);
        }
        Matcher names = (onlyEvents ? LITERAL : ANYWHERE).matcher(source);
        while (names.find()) {
            bundles.computeIfAbsent(names.group(1), k -> new TreeSet<>()).add(bundle);
        }
    }
}
