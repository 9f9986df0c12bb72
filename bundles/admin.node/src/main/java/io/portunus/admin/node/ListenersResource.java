// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.flow.api.ListenerView;
import io.portunus.model.IpLiterals;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code GET /v1/listeners}: every listener and whether it is bound. */
final class ListenersResource implements Resource {
    private final Parts parts;

    ListenersResource(Parts parts) {
        this.parts = parts;
    }

    @Override
    public String template() {
        return "/v1/listeners";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.RULES_READ);
    }

    @Override
    public Reply handle(Request request) {
        return Json.reply(new ListenersBody(
            parts.engine().orElseThrow(() -> Parts.missing("forwarding")).listeners().stream().map(ListenerBody::of).toList()));
    }

    private record ListenersBody(List<ListenerBody> listeners) {
    }

    private record ListenerBody(String listener, Optional<String> bind, int port, boolean bound, Optional<String> transport,
            List<String> rules, Optional<ProblemBody> problem, Instant since) {
        static ListenerBody of(ListenerView view) {
            return new ListenerBody(view.key().toString(), view.key().bind().map(IpLiterals::text), view.key().port(),
                view.bound(), Optional.of(view.transport()).filter(name -> !name.isEmpty()), view.rules(), view.problem().map(ProblemBody::of),
                view.since());
        }
    }
}
