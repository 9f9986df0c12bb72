// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands about the bundles and their replacement. Gogo prints what a method returns. */
@Component(service = BundleCommands.class, property = {"osgi.command.scope=portunus", "osgi.command.function=bundles",
    "osgi.command.function=upgrade", "osgi.command.function=rollback", "osgi.command.function=remove", "osgi.command.function=release",
    "osgi.command.function=impact", "osgi.command.function=drainversion"})
public final class BundleCommands {
    private static final String UPGRADE_GOES_ON = "the upgrade goes on, though nobody waits for it here; 'portunus:bundles' shows it,"
        + " 'portunus:changes' what came of it, and 'portunus:rollback BUNDLE' takes it back";
    private final NodeParts parts;

    /** Takes the services to ask. */
    @Activate
    public BundleCommands(@Reference NodeParts parts) {
        this.parts = parts;
    }

    /** Lists the bundles. */
    @Descriptor("lists the bundles of the node and those deployed, each version, and what is wrong with them")
    public String bundles(CommandSession session, @Descriptor("[-a: libraries as well]") String... args) {
        return CommandRefused.orText(session, () -> BundlesText.render(Needed.BUNDLES.of(parts.bundles).bundles(), args));
    }

    /** Installs a jar. */
    @Descriptor("installs a jar, in place of the version that runs, and watches it; takes it back if it misbehaves")
    public String upgrade(CommandSession session, @Descriptor("FILE [--drain 30s, how long flows may stay on the old version]"
            + " [--replaces BUNDLE,... whose kinds it takes over]") String... args) {
        return CommandRefused.orText(session, UPGRADE_GOES_ON,
            () -> DeployText.upgrade(Needed.BUNDLES.of(parts.bundles), session, args));
    }

    /** Takes an upgrade back. */
    @Descriptor("gives new flows back to the version before")
    public String rollback(CommandSession session, @Descriptor("BUNDLE, as bundles lists it") String... args) {
        return CommandRefused.orText(session, CommandRefused.GOES_ON,
            () -> DeployText.rollback(Needed.BUNDLES.of(parts.bundles), Caller.of(session), args));
    }

    /** Takes a deployed bundle away. */
    @Descriptor("takes a deployed bundle away; that of the distribution serves again, or none")
    public String remove(CommandSession session, @Descriptor("BUNDLE [--drain 30s, how long flows may stay on it]"
            + " [--force: also what rules need]") String... args) {
        return CommandRefused.orText(session, CommandRefused.GOES_ON,
            () -> DeployText.remove(Needed.BUNDLES.of(parts.bundles), Caller.of(session), args));
    }

    /** Bounds how long flows stay on a version that drains. */
    @Descriptor("ends the flows of a version that drains already, within a time")
    public String drainversion(CommandSession session, @Descriptor("BUNDLE VERSION --within 10m, as bundles lists them") String... args) {
        return CommandRefused.orText(session, CommandRefused.GOES_ON,
            () -> DeployText.drain(Needed.BUNDLES.of(parts.bundles), Caller.of(session), args));
    }

    /** Ends a quarantine. */
    @Descriptor("has the parts of a bundle called again that are in quarantine")
    public String release(CommandSession session, @Descriptor("BUNDLE, as bundles lists it") String... args) {
        return CommandRefused.orText(session, CommandRefused.GOES_ON,
            () -> DeployText.release(Needed.BUNDLES.of(parts.bundles), Caller.of(session), args));
    }

    /** Shows what an upgrade would touch. */
    @Descriptor("says what an upgrade of a bundle would touch")
    public String impact(CommandSession session, @Descriptor("BUNDLE, as bundles lists it") String... args) {
        return CommandRefused.orText(session, () -> DeployText.impact(Needed.BUNDLES.of(parts.bundles), args));
    }
}
