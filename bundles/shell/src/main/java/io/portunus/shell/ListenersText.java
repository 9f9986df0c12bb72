// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.flow.api.ListenerView;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Listener;
import java.util.List;

/** What {@code listeners} prints. */
final class ListenersText {
    static final Syntax SYNTAX = Syntax.words("portunus:listeners", 0);
    /** Rules named in a line; a port shared by name may have thousands. */
    static final int MAX_RULES = 5;

    private ListenersText() {
    }

    static String render(List<ListenerView> listeners, ForwardingTable table) {
        if (listeners.isEmpty()) {
            return "nothing listens";
        }
        TextTable text = new TextTable("LISTENER", "BOUND", "ROUTES BY", "RULES", "PROBLEM");
        for (ListenerView listener : listeners) {
            String by = table.listener(listener.key()).flatMap(Listener::inspects).map(kind -> kind + " name").orElse("port");
            text.row(listener.key().toString(), listener.bound() ? "yes" : "no", by, rules(listener.rules()),
                listener.problem().map(RulesText::sentence).orElse(""));
        }
        return text.render();
    }

    private static String rules(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(MAX_RULES, names.size())));
        return names.size() <= MAX_RULES ? first : first + " and " + (names.size() - MAX_RULES) + " more";
    }
}
