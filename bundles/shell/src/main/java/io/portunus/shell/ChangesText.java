// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.node.api.Change;
import io.portunus.node.api.ChangeLog;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/** What {@code changes} prints: the last changes, the newest first. */
final class ChangesText {
    static final Syntax SYNTAX = new Syntax("portunus:changes [-n LIMIT]", Set.of("-n"), Set.of(), 0);
    /** Changes printed unless {@code -n} asks for another number. */
    static final int DEFAULT_LIMIT = 20;

    private ChangesText() {
    }

    static String render(List<Change> recent, String... args) {
        int limit = SYNTAX.parse(args).number("-n", 1, ChangeLog.MAX_KEPT).orElse(DEFAULT_LIMIT);
        if (recent.isEmpty()) {
            return "nothing was changed since the start";
        }
        TextTable table = new TextTable("WHEN", "BY", "WHAT", "SUBJECT", "BEFORE", "AFTER", "OUTCOME");
        recent.stream().limit(limit).forEach(c -> table.row(c.at().truncatedTo(ChronoUnit.SECONDS).toString(), c.by().toString(), c.what(),
            BundleName.brief(c.subject()), c.before(), c.after(), c.outcome()));
        return table.render();
    }
}
