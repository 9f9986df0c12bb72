// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.node.api.Change;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code GET /v1/changes}: the last changes made by any face, or refused, the newest first. */
final class ChangesResource implements Resource {
    private final Parts parts;

    ChangesResource(Parts parts) {
        this.parts = parts;
    }

    @Override
    public String template() {
        return "/v1/changes";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.CHANGES_READ);
    }

    @Override
    public Reply handle(Request request) {
        return Json.reply(new ChangesBody(
            parts.changes().orElseThrow(() -> Parts.missing("changes")).recent().stream().map(ChangeBody::of).toList()));
    }

    private record ChangesBody(List<ChangeBody> changes) {
    }

    private record ChangeBody(Instant at, String by, String what, String subject, String before, String after, String outcome) {
        static ChangeBody of(Change change) {
            return new ChangeBody(change.at(), change.by().toString(), change.what(), change.subject(), change.before(), change.after(),
                change.outcome());
        }
    }
}
