// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static java.util.stream.Collectors.joining;

import io.portunus.flow.api.ListenerView;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Listener;
import io.portunus.model.Prelude;
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
        TextTable text = new TextTable("LISTENER", "BOUND", "CARRIED BY", "ROUTES BY", "RULES", "PROBLEM");
        for (ListenerView listener : listeners) {
            String by = table.listener(listener.key()).map(ListenersText::by).orElse("port");
            text.row(listener.key().toString(), listener.bound() ? "yes" : "no", listener.transport(), by,
                Printable.first(MAX_RULES, listener.rules()),
                listener.problem().map(RulesText::sentence).orElse(""));
        }
        return text.render();
    }

    /** What decides the rule: the port alone, or the prelude. */
    private static String by(Listener listener) {
        return listener.inspects().isEmpty() ? "port"
            : listener.inspects().stream().map(kind -> Prelude.isHello(kind) ? kind + " name" : kind).collect(joining(", "));
    }
}
