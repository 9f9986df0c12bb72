// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.node.api.Actor;
import io.portunus.node.api.BundleControl;
import io.portunus.node.api.Deployment;
import io.portunus.node.api.Impact;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;

/** What {@code upgrade}, {@code rollback}, {@code remove}, {@code release} and {@code impact} do and print. */
final class DeployText {
    static final Syntax UPGRADE = new Syntax("portunus:upgrade FILE [--drain 30s] [--replaces BUNDLE,...]", Set.of("--drain", "--replaces"),
        Set.of(), 1);
    static final Syntax ROLLBACK = Syntax.words("portunus:rollback BUNDLE", 1);
    static final Syntax REMOVE = new Syntax("portunus:remove BUNDLE [--drain 30s] [--force]", Set.of("--drain"), Set.of("--force"), 1);
    static final Syntax DRAIN = new Syntax("portunus:drainversion BUNDLE VERSION --within 10m", Set.of("--within"), Set.of(), 2);
    static final Syntax RELEASE = Syntax.words("portunus:release BUNDLE", 1);
    static final Syntax IMPACT = Syntax.words("portunus:impact BUNDLE", 1);
    private static final String WHICH = "which bundle? 'portunus:bundles' lists them";

    private DeployText() {
    }

    /** Installs a jar; a relative path is of the session's folder. */
    static String upgrade(BundleControl control, CommandSession session, String... args) {
        Syntax.Typed typed = UPGRADE.parse(args);
        String file = typed.only("which file? Give the path of a jar on this node");
        Path jar;
        try {
            Path folder = session.currentDir();
            jar = (folder == null ? Path.of("").toAbsolutePath() : folder).resolve(file).normalize();
        } catch (InvalidPathException malformed) {
            throw UPGRADE.refuse("'" + Printable.escape(file) + "' is no path");
        }
        Set<String> replaces = typed.value("--replaces").map(names -> BundleName.list(names, control.bundles())).orElse(Set.of());
        return report(control.upgrade(jar, Caller.of(session), typed.duration("--drain"), replaces));
    }

    static String rollback(BundleControl control, Actor by, String... args) {
        String name = ROLLBACK.parse(args).only(WHICH);
        return report(control.rollback(BundleName.meant(name, control.bundles()), by));
    }

    static String remove(BundleControl control, Actor by, String... args) {
        Syntax.Typed typed = REMOVE.parse(args);
        String name = typed.only(WHICH);
        return report(control.remove(BundleName.meant(name, control.bundles()), by, typed.duration("--drain"),
            typed.flags().contains("--force")));
    }

    /** Bounds how long flows stay on a version that drains. */
    static String drain(BundleControl control, Actor by, String... args) {
        Syntax.Typed typed = DRAIN.parse(args);
        if (typed.words().size() != 2) {
            throw DRAIN.refuse("which version of which bundle? 'portunus:bundles' lists them");
        }
        Duration within = typed.duration("--within").orElseThrow(() -> DRAIN.refuse("how long may its flows stay? Give --within 10m"));
        Deployment deployment = control.drain(BundleName.meant(typed.words().getFirst(), control.bundles()), typed.words().getLast(), within, by);
        if (!deployment.done()) {
            throw new CommandRefused(String.join("\n", deployment.problems().stream().map(RulesText::sentence).map(Printable::escape).toList()));
        }
        return String.join("\n", deployment.steps().stream().map(Printable::escape).toList());
    }

    static String release(BundleControl control, Actor by, String... args) {
        String name = RELEASE.parse(args).only(WHICH);
        return report(control.release(BundleName.meant(name, control.bundles()), by));
    }

    static String impact(BundleControl control, String... args) {
        String typed = IMPACT.parse(args).only(WHICH);
        Impact impact = control.impact(BundleName.meant(typed, control.bundles()))
            .orElseThrow(() -> new CommandRefused("there is no bundle '" + Printable.escape(typed) + "'; 'portunus:bundles' lists them"));
        List<String> restarts = impact.restarts().stream().map(BundleName::brief).toList();
        StringBuilder text = new StringBuilder(Printable.escape(impact.verdict())).append('\n');
        impact.remarks().forEach(remark -> text.append(Printable.escape(remark)).append('\n'));
        return text + new TextTable("BUNDLE", "VERSION", "LIVE", ">FLOWS", "ROLLS BACK TO", "RESTARTS")
            .row(BundleName.brief(impact.bundle()), impact.version(), impact.live() ? "yes" : "no", Long.toString(impact.flows()),
                impact.rollsBackTo().orElse(""), String.join(", ", restarts)).render();
    }

    /** Each step, then what came of it, then why not. */
    private static String report(Deployment deployment) {
        StringBuilder text = new StringBuilder();
        deployment.steps().forEach(step -> text.append(Printable.escape(step)).append('\n'));
        text.append(Printable.escape(result(deployment)));
        deployment.problems().forEach(p -> text.append('\n').append(Printable.escape(RulesText.sentence(p))));
        if (!deployment.done()) {
            throw new CommandRefused(text.toString());
        }
        return text.toString();
    }

    private static String result(Deployment deployment) {
        String name = BundleName.brief(deployment.bundle());
        if (!deployment.done()) {
            return "not done; " + (name.isEmpty() || deployment.from().isEmpty() ? "the node is as it was"
                : "the node is as it was, with " + name + " " + deployment.from());
        }
        String before = deployment.from().isEmpty() ? "" : " in place of " + deployment.from();
        return deployment.to().isEmpty() ? "done: no version of " + name + " serves any more" : "done: " + name + " " + deployment.to()
            + " serves" + before;
    }
}
