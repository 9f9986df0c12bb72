// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.node.api.BundleView;
import io.portunus.node.api.BundleView.Origin;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code bundles} prints: one line a version, and below the table what is wrong with them. */
final class BundlesText {
    static final Syntax SYNTAX = new Syntax("portunus:bundles [-a]", Set.of(), Set.of("-a"), 0);

    private BundlesText() {
    }

    static String render(List<BundleView> bundles, String... args) {
        boolean all = SYNTAX.parse(args).flags().contains("-a");
        List<BundleView> shown = bundles.stream().filter(b -> all || BundleName.ours(b.name()) || b.origin() == Origin.DEPLOYED).toList();
        TextTable table = new TextTable("BUNDLE", "VERSION", "STATE", "PHASE", "ORIGIN", "SIGNER", "LIVE", ">FLOWS", ">FAULTS", "SERVES");
        StringBuilder problems = new StringBuilder();
        StringBuilder remarks = new StringBuilder();
        for (BundleView bundle : shown) {
            table.row(BundleName.brief(bundle.name()), bundle.version(), bundle.state(), word(bundle.phase()), word(bundle.origin()),
                bundle.signer().orElse(""), bundle.live() ? "yes" : "no", Long.toString(bundle.flows()),
                Long.toString(bundle.faults()), String.join(", ", bundle.serves()));
            bundle.rollsBackTo().ifPresent(version -> remark(remarks, bundle, "rolls back to " + version));
            bundle.leaving().filter(leaving -> bundle.flows() > 0).ifPresent(leaving -> remark(remarks, bundle, leaving(leaving, bundle.flows())));
            Stream.concat(bundle.problems().stream(), bundle.unproven().stream()).forEach(p ->
                problems.append('\n').append(Printable.escape(BundleName.brief(bundle.name()) + " " + bundle.version() + ": " + p)));
        }
        return table.render() + remarks + problems;
    }

    private static void remark(StringBuilder remarks, BundleView bundle, String text) {
        remarks.append('\n').append(Printable.escape(BundleName.brief(bundle.name()) + " " + bundle.version() + ": " + text));
    }

    /** Which flows hold a version, the oldest first. */
    private static String leaving(BundleView.Leaving leaving, long flows) {
        String named = leaving.holders().stream().map(holder -> holder.flow() + " (" + Amounts.age(holder.age()) + ")")
            .collect(Collectors.joining(", "));
        return "held by " + (flows == 1 ? "flow " : "flows ") + named + (flows > leaving.holders().size() ? " and "
            + (flows - leaving.holders().size()) + " more" : "") + leaving.left().map(left -> ", which end within " + Amounts.age(left)).orElse("");
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
