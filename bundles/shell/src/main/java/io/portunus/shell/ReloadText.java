// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.node.api.Actor;
import io.portunus.node.api.ConfigReload;
import java.util.List;
import java.util.Locale;

/** What {@code reload} does and prints: what differed, and what is wrong. */
final class ReloadText {
    static final Syntax SYNTAX = Syntax.words("portunus:reload", 0);
    /** Rules named in a line; a file may have thousands. */
    static final int MAX_NAMES = 20;

    private ReloadText() {
    }

    static String render(ConfigReload reload, Actor by, String... args) {
        SYNTAX.parse(args);
        ConfigReload.Outcome outcome = reload.reload(by);
        String revision = ", revision " + Printable.escape(outcome.revision());
        StringBuilder text = new StringBuilder(switch (outcome.result()) {
            case APPLIED -> "applied" + (outcome.problems().isEmpty() ? "" : ", and not all of it works") + revision;
            case UNCHANGED -> "nothing differs" + (outcome.problems().isEmpty() ? "" : ", and not all of it works") + revision;
            case REFUSED -> "refused, everything is as it was" + (outcome.revision().isEmpty() ? "" : revision);
        });
        line(text, "added", outcome.added());
        line(text, "changed", outcome.changed());
        line(text, "removed", outcome.removed());
        line(text, "settings", outcome.settings());
        outcome.problems().forEach(p -> text.append('\n').append(Printable.escape(RulesText.sentence(p))));
        if (outcome.result() == ConfigReload.Result.REFUSED) {
            throw new CommandRefused(text.toString());
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String label, List<String> names) {
        if (!names.isEmpty()) {
            text.append('\n').append(String.format(Locale.ROOT, "%-8s %s", label, Printable.escape(Printable.first(MAX_NAMES, names))));
        }
    }
}
