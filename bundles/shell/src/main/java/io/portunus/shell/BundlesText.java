// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.node.api.BundleView;
import io.portunus.node.api.BundleView.Origin;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What {@code bundles} prints: one line a version, and below the table what is wrong with them. */
final class BundlesText {
    static final Syntax SYNTAX = new Syntax("portunus:bundles [-a]", Set.of(), Set.of("-a"), 0);

    private BundlesText() {
    }

    static String render(List<BundleView> bundles, String... args) {
        boolean all = SYNTAX.parse(args).flags().contains("-a");
        List<BundleView> shown = bundles.stream().filter(b -> all || BundleName.ours(b.name()) || b.origin() == Origin.DEPLOYED).toList();
        TextTable table = new TextTable("BUNDLE", "VERSION", "STATE", "PHASE", "ORIGIN", "SIGNER", "LIVE", ">FLOWS");
        StringBuilder problems = new StringBuilder();
        for (BundleView bundle : shown) {
            table.row(BundleName.brief(bundle.name()), bundle.version(), bundle.state(), word(bundle.phase()), word(bundle.origin()),
                bundle.signer().orElse(""), bundle.live() ? "yes" : "no", Long.toString(bundle.flows()));
            bundle.problems().forEach(p ->
                problems.append('\n').append(Printable.escape(BundleName.brief(bundle.name()) + " " + bundle.version() + ": " + p)));
        }
        return table.render() + problems;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
