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
        ConfigReload.Report report = reload.reload(by);
        String revision = ", revision " + Printable.escape(report.revision());
        StringBuilder text = new StringBuilder(switch (report.result()) {
            case APPLIED -> "applied" + (report.problems().isEmpty() ? "" : ", and not all of it works") + revision;
            case UNCHANGED -> "nothing differs" + (report.problems().isEmpty() ? "" : ", and not all of it works") + revision;
            case REFUSED -> "refused, everything is as it was" + (report.revision().isEmpty() ? "" : revision);
        });
        line(text, "added", report.added());
        line(text, "changed", report.changed());
        line(text, "removed", report.removed());
        line(text, "settings", report.settings());
        report.problems().forEach(p -> text.append('\n').append(Printable.escape(RulesText.sentence(p))));
        if (report.result() == ConfigReload.Result.REFUSED) {
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
