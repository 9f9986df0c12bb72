// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandSession;

/** What {@code help} prints. */
final class HelpText {
    static final Syntax SYNTAX = Syntax.words("portunus:help [COMMAND]", 1);
    /** Asks for what is not ours. */
    static final String GOGO = "gogo";
    private static final String OURS = "portunus";

    private HelpText() {
    }

    static String render(CommandSession session, String... args) {
        List<String> words = SYNTAX.parse(args).words();
        boolean terminal = Caller.atTerminal(session);
        if (words.isEmpty()) {
            return all() + "\n'help COMMAND' tells what it takes" + (terminal ? "; 'help gogo' lists what Gogo's own shell has besides" : "");
        }
        String asked = words.getFirst();
        if (asked.equals(GOGO)) {
            return gogo(session, terminal);
        }
        CommandBook.Entry entry = CommandBook.OURS.find(asked).orElseThrow(() -> new CommandRefused(CommandBook.OURS.unknown(asked)));
        return entry.name() + ": " + entry.sentence() + "\nusage: " + (entry.name() + " " + entry.words()).strip();
    }

    private static String all() {
        TextTable table = new TextTable("COMMAND", "DOES");
        CommandBook.OURS.entries().forEach(entry -> table.row(entry.name(), entry.sentence()));
        return table.render();
    }

    /** Scope by scope; over SSH there is nothing besides. */
    private static String gogo(CommandSession session, boolean terminal) {
        if (!terminal || !(session.get(".commands") instanceof Collection<?> commands)) {
            throw new CommandRefused("Gogo's own commands are there at the node's terminal only");
        }
        Map<String, TreeSet<String>> scopes = commands.stream().map(String::valueOf).filter(name -> name.indexOf(':') > 0)
            .collect(Collectors.groupingBy(name -> name.substring(0, name.indexOf(':')), TreeMap::new,
                Collectors.mapping(name -> name.substring(name.indexOf(':') + 1), Collectors.toCollection(TreeSet::new))));
        scopes.remove(OURS);
        scopes.remove(FaceCommands.SCOPE);
        TextTable table = new TextTable("SCOPE", "COMMANDS");
        scopes.forEach((scope, names) -> table.row(scope, String.join(" ", names)));
        return table.render();
    }
}
