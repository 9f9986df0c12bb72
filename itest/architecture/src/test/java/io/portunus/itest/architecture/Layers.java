// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** The lines of {@code layers.txt}, which explains itself. Immutable. */
record Layers(List<Line> lines) {
    private static final String EXPORTS = "exports";
    private static final String IMPORTS = "imports";

    /** One line: who may export or import a package. */
    private record Line(int number, String verb, String packages, List<String> bundles) {
        boolean has(String name) {
            if (packages.equals("*")) {
                return true;
            }
            String base = packages.endsWith(".*") ? packages.substring(0, packages.length() - 2) : packages;
            return name.equals(base) || packages.endsWith(".*") && name.startsWith(base + ".");
        }

        boolean allows(String bundle) {
            return bundles.stream().anyMatch(pattern -> switch (pattern) {
                case "everybody" -> true;
                case "nobody" -> false;
                case "*.api" -> isContract(bundle);
                case "lib-*" -> isLibrary(bundle);
                case "others" -> !bundle.equals("model") && !isContract(bundle) && !isLibrary(bundle);
                default -> pattern.equals(bundle);
            });
        }

        private static boolean isContract(String bundle) {
            return bundle.endsWith(".api");
        }

        private static boolean isLibrary(String bundle) {
            return bundle.startsWith("lib-");
        }

        @Override
        public String toString() {
            return "line " + number + " of layers.txt, \"" + verb + " " + packages + " : " + String.join(" ", bundles) + "\"";
        }
    }

    static Layers parse(List<String> text) {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < text.size(); i++) {
            String line = text.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                lines.add(parse(i + 1, line));
            }
        }
        return new Layers(List.copyOf(lines));
    }

    private static Line parse(int number, String line) {
        List<String> words = List.of(line.split("\\s+"));
        if (words.size() < 4 || !words.get(2).equals(":") || !List.of(EXPORTS, IMPORTS).contains(words.getFirst())) {
            throw new IllegalArgumentException("line " + number + " of layers.txt is not \"exports|imports package : bundle ...\"");
        }
        return new Line(number, words.getFirst(), words.get(1), words.subList(3, words.size()));
    }

    /** What a bundle breaks, a sentence each. */
    List<String> breaches(String bundle, Collection<String> exports, Collection<String> imports) {
        return Stream.concat(
            exports.stream().flatMap(p -> breach(bundle, EXPORTS, p)),
            // A contract imports what it exports, so that it can be substituted; that is no dependency.
            imports.stream().filter(p -> !exports.contains(p)).flatMap(p -> breach(bundle, IMPORTS, p))).toList();
    }

    private Stream<String> breach(String bundle, String verb, String name) {
        String claim = bundle + " " + verb + " " + name;
        return lines.stream().filter(l -> l.verb().equals(verb) && l.has(name)).findFirst()
            .map(l -> l.allows(bundle) ? Stream.<String>empty() : Stream.of(claim + ", against " + l))
            .orElseGet(() -> Stream.of(claim + ", which no line of layers.txt has"));
    }
}
