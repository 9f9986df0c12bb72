// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The lines of {@code forbidden.txt}, which states how they are written. Immutable.
 *
 * @param groups what is forbidden, by the name of the group: patterns of {@link UsedApi#uses}
 * @param places where a group is forbidden, if not everywhere
 * @param owners who may, all the same
 */
record Forbidden(Map<String, List<Pattern>> groups, Map<String, Set<String>> places, List<Owner> owners) {
    /**
     * An exception.
     *
     * @param group name of the group
     * @param bundle name of the bundle
     * @param type simple name of the class
     * @param reason why, a sentence
     */
    record Owner(String group, String bundle, String type, String reason) {
        boolean may(Finding finding) {
            return group.equals(finding.group()) && bundle.equals(finding.bundle()) && type.equals(finding.simpleName());
        }
    }

    /**
     * A use of what is forbidden.
     *
     * @param bundle name of the bundle
     * @param type the class
     * @param group name of the group
     * @param use what it uses
     */
    record Finding(String bundle, String type, String group, String use) {
        String simpleName() {
            return type.substring(type.lastIndexOf('.') + 1);
        }

        @Override
        public String toString() {
            return bundle + ":" + simpleName() + " uses " + use + " (" + group + ")";
        }
    }

    static Forbidden parse(List<String> lines) {
        Map<String, List<Pattern>> groups = new TreeMap<>();
        Map<String, Set<String>> places = new HashMap<>();
        List<Owner> owners = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            List<String> words = List.of(line.split("\\s+"));
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            switch (words.getFirst()) {
                case "forbid" -> groups.computeIfAbsent(words.get(1), group -> new ArrayList<>())
                    .addAll(words.stream().skip(2).map(Forbidden::pattern).toList());
                case "within" -> places.put(words.get(1), Set.copyOf(words.subList(2, words.size())));
                case "owner" -> owners.add(owner(line));
                default -> throw new IllegalArgumentException("line " + (i + 1) + " of forbidden.txt begins with none of forbid, within, owner");
            }
        }
        return new Forbidden(groups, places, owners);
    }

    private static Owner owner(String line) {
        List<String> parts = List.of(line.split(" : ", 2));
        List<String> words = List.of(parts.getFirst().split("\\s+"));
        if (parts.size() != 2 || words.size() != 3 || !words.get(2).contains(":") || !line.endsWith(".")) {
            throw new IllegalArgumentException("\"" + line + "\" of forbidden.txt is not \"owner GROUP BUNDLE:CLASS : A reason.\"");
        }
        List<String> who = List.of(words.get(2).split(":", 2));
        return new Owner(words.get(1), who.getFirst(), who.getLast(), parts.getLast());
    }

    private static Pattern pattern(String text) {
        return Pattern.compile(Stream.of(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
    }

    /** Every use of a bundle that is forbidden there, whether an owner may or not. */
    List<Finding> findings(String bundle, Collection<UsedApi> classes) {
        return classes.stream().flatMap(type -> type.uses().stream().flatMap(use -> groups(bundle, use)
            .map(group -> new Finding(bundle, type.type(), group, use)))).distinct().toList();
    }

    private Stream<String> groups(String bundle, String use) {
        return groups.entrySet().stream().filter(group -> places.getOrDefault(group.getKey(), Set.of(bundle)).contains(bundle))
            .filter(group -> group.getValue().stream().anyMatch(pattern -> pattern.matcher(use).matches())).map(Map.Entry::getKey);
    }

    Optional<Owner> owner(Finding finding) {
        return owners.stream().filter(owner -> owner.may(finding)).findFirst();
    }
}
