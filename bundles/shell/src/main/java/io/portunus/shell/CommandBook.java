// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.model.Spelling;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.felix.service.command.Descriptor;

/**
 * What every command is called, does and takes, read from the commands themselves. Immutable.
 *
 * @param entries the commands by name
 */
record CommandBook(List<Entry> entries) {
    /** Every command of the scope {@code portunus}. */
    static final CommandBook OURS = of(RuleCommands.class, FlowCommands.class, TargetCommands.class, NodeCommands.class, BundleCommands.class,
        PinCommands.class, HelpCommands.class);
    private static final String SCOPE = "portunus:";
    private static final String NOTHING = "none";

    CommandBook {
        entries = List.copyOf(entries);
    }

    /**
     * A command.
     *
     * @param name without the scope
     * @param sentence what it does
     * @param words what may follow its name; empty if nothing
     */
    record Entry(String name, String sentence, String words) {
    }

    private static CommandBook of(Class<?>... topics) {
        List<Entry> entries = new ArrayList<>();
        for (Class<?> topic : topics) {
            for (Method method : topic.getDeclaredMethods()) {
                Optional.ofNullable(method.getAnnotation(Descriptor.class)).ifPresent(does ->
                    entries.add(new Entry(method.getName(), does.value(), words(method))));
            }
        }
        entries.sort(Comparator.comparing(Entry::name));
        return new CommandBook(entries);
    }

    /** The last parameter takes them; one before is the session. */
    private static String words(Method method) {
        int last = method.getParameterCount() - 1;
        String words = Optional.ofNullable(method.getParameters()[last].getAnnotation(Descriptor.class)).map(Descriptor::value).orElse(NOTHING);
        return words.equals(NOTHING) ? "" : words;
    }

    List<String> names() {
        return entries.stream().map(Entry::name).toList();
    }

    /** A command by its name, with the scope or without. */
    Optional<Entry> find(String name) {
        return entries.stream().filter(entry -> entry.name().equals(plain(name))).findFirst();
    }

    /** Whether a line begins with one of the commands. */
    boolean begins(String line) {
        return find(line.strip().split("[^\\w:.-]", 2)[0]).isPresent();
    }

    static String plain(String name) {
        return name.startsWith(SCOPE) ? name.substring(SCOPE.length()) : name;
    }

    /** The answer to what is no command. */
    String unknown(String typed) {
        String meant = Spelling.nearest(plain(typed), names()).map(name -> "did you mean '" + name + "'? ").orElse("");
        return "there is no command '" + Printable.escape(typed) + "'; " + meant + "'help' lists the commands";
    }
}
