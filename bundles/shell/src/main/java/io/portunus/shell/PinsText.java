// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static java.util.stream.Collectors.joining;

import io.portunus.flow.api.VersionPin;
import io.portunus.model.Cidr;
import io.portunus.model.Problem;
import io.portunus.node.api.Actor;
import io.portunus.node.api.BundleControl;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What {@code pin}, {@code unpin} and {@code pins} do and print. */
final class PinsText {
    static final Syntax PIN = new Syntax("portunus:pin (-r RULE | -s CIDR) BUNDLE VERSION", Set.of("-r", "-s"), Set.of(), 2);
    static final Syntax UNPIN = new Syntax("portunus:unpin (-r RULE | -s CIDR)", Set.of("-r", "-s"), Set.of(), 0);
    static final Syntax PINS = Syntax.words("portunus:pins", 0);

    private PinsText() {
    }

    static String pin(BundleControl control, Actor by, String... args) {
        Syntax.Typed typed = PIN.parse(args);
        if (typed.words().size() != 2) {
            throw PIN.refuse("which version of which bundle? 'portunus:bundles' lists them");
        }
        String bundle = BundleName.meant(typed.words().get(0), control.bundles());
        VersionPin pin = pinOf(typed, bundle, typed.words().get(1));
        List<Problem> problems = control.pin(pin, by);
        if (!problems.isEmpty()) {
            throw new CommandRefused(problems.stream().map(p -> Printable.escape(RulesText.sentence(p))).collect(joining("\n")));
        }
        return Printable.escape("new flows of " + pin.subject() + " get " + BundleName.brief(bundle) + " " + pin.version() + " while it runs");
    }

    static String unpin(BundleControl control, Actor by, String... args) {
        String subject = pinOf(UNPIN.parse(args), "", "").subject();
        if (!control.unpin(subject, by)) {
            throw new CommandRefused("there is no pin of " + Printable.escape(subject) + "; 'portunus:pins' lists them");
        }
        return Printable.escape("new flows of " + subject + " get the version that serves");
    }

    static String pins(BundleControl control, String... args) {
        PINS.parse(args);
        List<VersionPin> pins = control.pins();
        if (pins.isEmpty()) {
            return "there are no pins";
        }
        TextTable table = new TextTable("SUBJECT", "BUNDLE", "VERSION");
        pins.forEach(p -> table.row(p.subject(), BundleName.brief(p.bundle()), p.version()));
        return table.render();
    }

    private static VersionPin pinOf(Syntax.Typed typed, String bundle, String version) {
        Optional<String> rule = typed.value("-r");
        Optional<Cidr> source = typed.value("-s").map(text -> Cidr.parse(text).orElseThrow(() ->
            typed.syntax().refuse("'" + Printable.escape(text) + "' after -s is no block of addresses such as 192.0.2.0/24")));
        if (rule.isPresent() == source.isPresent()) {
            throw typed.syntax().refuse("give one of -r RULE and -s CIDR");
        }
        return new VersionPin(rule, source, bundle, version);
    }
}
