// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.node.api.BundleView;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code GET /v1/bundles}: every bundle, each version of it, with its state, its origin and the flows it carries. */
final class BundlesResource implements Resource {
    private final Parts parts;

    BundlesResource(Parts parts) {
        this.parts = parts;
    }

    @Override
    public String template() {
        return "/v1/bundles";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.BUNDLES_READ);
    }

    @Override
    public Reply handle(Request request) {
        return Json.reply(new BundlesBody(
            parts.bundles().orElseThrow(() -> Parts.missing("deployment")).bundles().stream().map(BundleBody::of).toList()));
    }

    private record BundlesBody(List<BundleBody> bundles) {
    }

    /** How long its flows may stay, and the oldest of them. */
    private record LeavingBody(Optional<Double> leftSecs, List<HolderBody> holders) {
        static LeavingBody of(BundleView.Leaving leaving) {
            return new LeavingBody(leaving.left().map(LeavingBody::secs),
                leaving.holders().stream().map(holder -> new HolderBody(holder.flow(), secs(holder.age()))).toList());
        }

        private static double secs(Duration time) {
            return time.toMillis() / 1000d;
        }
    }

    private record HolderBody(long flowId, double ageSecs) {
    }

    private record BundleBody(long id, String name, String version, String state, String origin, Optional<String> signer, boolean live,
            String phase, long flows, long faults, List<String> serves, Optional<String> rollsBackTo, Optional<LeavingBody> leaving,
            List<String> problems, Optional<String> unproven) {
        static BundleBody of(BundleView view) {
            return new BundleBody(view.id(), view.name(), view.version(), view.state().toLowerCase(Locale.ROOT), lower(view.origin()),
                view.signer(), view.live(), lower(view.phase()), view.flows(), view.faults(), view.serves(), view.rollsBackTo(),
                view.leaving().map(LeavingBody::of), view.problems(), view.unproven());
        }

        private static String lower(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
    }
}
