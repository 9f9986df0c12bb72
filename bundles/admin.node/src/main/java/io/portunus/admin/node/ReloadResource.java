// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.node.api.ConfigReload;
import io.portunus.node.api.ConfigReload.Report;
import io.portunus.node.api.ConfigReload.Result;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code POST /v1/reload}: reads the configuration again and puts into force what differs. A file with problems changes nothing: 422, with
 * every problem.
 */
final class ReloadResource implements Resource {
    private final Parts parts;
    private final DetachedChanges changes;

    ReloadResource(Parts parts, DetachedChanges changes) {
        this.parts = parts;
        this.changes = changes;
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String template() {
        return "/v1/reload";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.RULES_CHANGE);
    }

    @Override
    public boolean outlasts() {
        return true;
    }

    @Override
    public Reply handle(Request request) {
        ConfigReload reload = parts.reload().orElseThrow(() -> Parts.missing("rules"));
        return changes.await(() -> reply(reload.reload(Caller.of(request))));
    }

    private static Reply reply(Report report) {
        return Json.reply(report.result() == Result.REFUSED ? 422 : 200, ReportBody.of(report));
    }

    private record ReportBody(String result, String revision, List<String> added, List<String> changed, List<String> removed,
            List<String> settings, List<ProblemBody> problems) {
        static ReportBody of(Report report) {
            return new ReportBody(report.result().name().toLowerCase(Locale.ROOT), report.revision(), report.added(), report.changed(),
                report.removed(), report.settings(), ProblemBody.of(report.problems()));
        }
    }
}
