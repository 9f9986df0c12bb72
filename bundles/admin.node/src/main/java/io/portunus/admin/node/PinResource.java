// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.flow.api.VersionPin;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.BundleControl;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code PUT /v1/pins}: keeps new flows of a rule or a source on a version of a bundle that runs, in place of an earlier pin of both. The
 * body is an object of {@code rule} or {@code source}, {@code bundle} and {@code version}. {@code POST} does the same. A handler is
 * chosen before a rule is, so the pin of a rule holds for every connection of its ports.
 */
final class PinResource implements Resource {
    private static final Set<String> FIELDS = Set.of("rule", "source", "bundle", "version");

    private final String method;
    private final Parts parts;
    private final DetachedChanges changes;

    PinResource(String method, Parts parts, DetachedChanges changes) {
        this.method = method;
        this.parts = parts;
        this.changes = changes;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String template() {
        return "/v1/pins";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.BUNDLES_CHANGE);
    }

    @Override
    public long maxBodyBytes() {
        return TextFields.MAX_BYTES;
    }

    @Override
    public boolean outlasts() {
        return true;
    }

    @Override
    public Reply handle(Request request) {
        BundleControl control = parts.bundles().orElseThrow(() -> Parts.missing("deployment"));
        TextFields fields = TextFields.read(request.body(), FIELDS);
        VersionPin subject = PinBody.subject(fields.value("rule"), fields.value("source"));
        String bundle = BundleNames.meant(fields.needed("bundle"), control);
        VersionPin pin = new VersionPin(subject.rule(), subject.source(), bundle, fields.needed("version"));
        List<Problem> problems = changes.await(() -> control.pin(pin, Caller.of(request)));
        if (problems.isEmpty()) {
            return Json.reply(PinBody.of(pin));
        }
        return Json.reply(problems.getFirst().code().equals(ProblemCode.BUSY) ? 409 : 422, new RefusalBody(ProblemBody.of(problems)));
    }

    private record RefusalBody(List<ProblemBody> problems) {
    }
}
