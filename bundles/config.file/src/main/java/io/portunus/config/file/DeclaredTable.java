// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.model.Match;
import io.portunus.node.api.Setting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The keys that one component has in a table of the file; see {@link io.portunus.node.api.SettingsTable}. Immutable.
 *
 * @param name of the table, {@code dns}
 * @param title what its component is, as a sentence has it
 * @param pid configuration of the component
 * @param optional whether it is configured only if the table is there
 * @param toggle key that may stand for the table; empty if none may
 * @param sentence what the table is
 * @param keys its keys
 */
record DeclaredTable(String name, String title, String pid, boolean optional, String toggle, String sentence, List<DeclaredKey> keys) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    /** In front of the kind of a policy: what rules say to it. */
    private static final String OF_POLICIES = "rule.policies.";

    /**
     * A table that can be read.
     *
     * @throws IllegalArgumentException with a sentence if it cannot
     */
    DeclaredTable {
        keys = List.copyOf(keys);
        require(NAME.matcher(name).matches() || inner(name), "'" + name + "' is no name of a table of its own");
        Map<String, DeclaredKey> known = new HashMap<>();
        for (DeclaredKey key : keys) {
            require(!key.written() || NAME.matcher(key.key()).matches() && known.put(key.key(), key) == null, "'" + key.key() + "' is no key");
        }
        require(toggle.isEmpty() || Optional.ofNullable(known.get(toggle)).filter(key -> key.type().equals("Boolean")).isPresent(),
            "the toggle '" + toggle + "' is no key that is true or false");
        for (DeclaredKey key : keys) {
            fits(key, known);
        }
    }

    private static boolean inner(String name) {
        return name.startsWith(OF_POLICIES) && Match.isKind(name.substring(OF_POLICIES.length()));
    }

    /** Whether it is a table within another, which configures no component. */
    boolean isInner() {
        return inner(name);
    }

    /** The same with keys that may be what bundles provide, by role, as their options. */
    DeclaredTable choosingFrom(Map<String, List<String>> provided) {
        return new DeclaredTable(name, title, pid, optional, toggle, sentence, keys.stream().map(key -> key.choosingFrom(provided)).toList());
    }

    private static void fits(DeclaredKey key, Map<String, DeclaredKey> known) {
        for (String other : List.of(key.attribute("notAbove"), key.attribute("needed"), condition(key.attribute("only")).getFirst())) {
            require(other.isEmpty() || known.containsKey(other), "'" + key.key() + "' depends on '" + other + "', which is no key of the table");
        }
        String of = key.attribute("of");
        require(!key.form().equals(Setting.NOT_WRITTEN) || known.containsKey(of), "'" + of + "' is no key of the table");
        require(!key.form().equals(Setting.DUAL_STACK) || known.containsKey(of) && known.get(of).form().equals(Setting.LISTEN),
            "'" + of + "' is no address to listen on");
        require(!key.form().equals(Setting.LISTEN) || key.absent().flatMap(ListenAddress::parse).isPresent(), "'" + key.key() + "' needs an ip:port");
        require(key.least() <= Math.max(1, key.most()) && key.min() <= key.max(), "the bounds of '" + key.key() + "' leave nothing");
        if (!key.isList() && !key.required()) {
            // A default of another type is refused here.
            require(!key.shown(key.value()).isEmpty(), "'" + key.key() + "' has no default");
        }
    }

    private static void require(boolean good, String otherwise) {
        if (!good) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** The keys that the file may have. */
    List<DeclaredKey> written() {
        return keys.stream().filter(DeclaredKey::written).toList();
    }

    Optional<DeclaredKey> find(String key) {
        return written().stream().filter(its -> its.key().equals(key)).findFirst();
    }

    /** The key that a word as {@code to=file} is about, and what it must be. */
    static List<String> condition(String text) {
        return List.of(text.split("=", 2));
    }
}
