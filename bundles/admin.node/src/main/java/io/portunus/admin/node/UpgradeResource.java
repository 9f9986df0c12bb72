// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.RefusedException;
import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.node.api.BundleControl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * {@code POST /v1/bundles}: installs the jar that is its body beside the version that serves, and gives new flows to it once it has proved
 * itself; answers when it has, or was taken back. {@code drain} sets how long flows may stay on the version replaced, as in
 * {@code drain=30s}; without it they stay as long as they live. {@code replaces} names bundles, separated by commas,
 * whose kinds it takes over.
 */
final class UpgradeResource implements Resource {
    /** Largest jar. */
    static final long MAX_BYTES = 64L << 20;

    /** What clients call a jar; empty when they do not call it anything. curl calls whatever it sends a form. */
    private static final Set<String> TYPES = Set.of("", "application/java-archive", "application/x-java-archive", "application/octet-stream",
        "application/zip", "application/x-www-form-urlencoded");

    private final Parts parts;
    private final DetachedChanges changes;
    private final Incoming incoming;

    UpgradeResource(Parts parts, DetachedChanges changes, Incoming incoming) {
        this.parts = parts;
        this.changes = changes;
        this.incoming = incoming;
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String template() {
        return "/v1/bundles";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.BUNDLES_CHANGE);
    }

    @Override
    public Set<String> parameters() {
        return Set.of("drain", "replaces");
    }

    @Override
    public long maxBodyBytes() {
        return MAX_BYTES;
    }

    @Override
    public Duration patience() {
        return DetachedChanges.BUNDLE;
    }

    @Override
    public boolean outlasts() {
        return true;
    }

    @Override
    public Reply handle(Request request) {
        BundleControl control = parts.bundles().orElseThrow(() -> Parts.missing("deployment"));
        Optional<Duration> drain = request.duration("drain");
        Set<String> replaces = BundleNames.list(request.parameter("replaces").orElse(""), control);
        String type = request.sender().contentType().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!TYPES.contains(type)) {
            throw new RefusedException(415, "unsupported_media_type", "",
                "Send the jar itself as the body, as 'curl --data-binary @the.jar' does, with 'Content-Type: application/java-archive'.");
        }
        Path jar = incoming.receive(request.body());
        return changes.await(() -> DeploymentBody.reply(control.upgrade(jar, Caller.of(request), drain, replaces)), () -> incoming.discard(jar));
    }
}
