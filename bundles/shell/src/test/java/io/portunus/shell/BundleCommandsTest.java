// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.node.api.Actor;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BundleCommandsTest {
    private final NodeParts parts = new NodeParts();
    private final SampleBundles control = new SampleBundles();
    private final CommandSession session = SampleSession.create();
    private final BundleCommands bundles = new BundleCommands(parts);
    private final PinCommands pins = new PinCommands(parts);

    @BeforeEach
    void bind() {
        parts.bundles = control;
    }

    private boolean refused() {
        return !String.valueOf(session.get(Caller.REFUSED)).isEmpty();
    }

    @Test
    void listsOurBundlesAndThoseDeployedWithWhatIsWrong() {
        assertThat(bundles.bundles(session)).isEqualTo("""
            BUNDLE         VERSION  STATE      PHASE     ORIGIN        SIGNER  LIVE  FLOWS  FAULTS  SERVES
            flow.tls       0.1.0    active     draining  distribution  -       yes      12       0  -
            flow.tls       0.1.1    active     current   deployed      CN=ann  yes       3       2  inspector.tls
            org.example.x  1.0.0    installed  current   deployed      -       no        0       0  -
            flow.tls 0.1.0: held by flows 4 (2h00m) and 11 more, which end within 10m00s
            flow.tls 0.1.1: rolls back to 0.1.0
            flow.tls 0.1.1: not proven: 3 flows
            org.example.x 1.0.0: nobody exports org.example.y""");
        assertThat(bundles.bundles(session, "-a")).contains("org.tomlj");
    }

    @Test
    void upgradesAndPrintsEachStep() {
        session.put(Caller.ACTOR, new Actor("ssh", "ann"));

        assertThat(bundles.upgrade(session, "a/x.jar", "--drain", "30s")).isEqualTo("""
            read the jar
            switched
            done: flow.tls 0.1.1 serves in place of 0.1.0""");
        assertThat(control.asked).containsExactly("upgrade /folder/a/x.jar by ssh:ann Optional[PT30S]");
        assertThat(refused()).isFalse();
    }

    @Test
    void answersWhyAnUpgradeWasNotDone() {
        control.fails = true;

        assertThat(bundles.upgrade(session, "/x.jar")).isEqualTo("""
            read the jar
            not done; the node is as it was, with flow.tls 0.1.0
            it says \\x1b[2J (self_check_failed)""");
        assertThat(control.asked).containsExactly("upgrade /x.jar by shell Optional.empty");
        assertThat(refused()).isTrue();
    }

    @Test
    void takesNamesWithoutThePrefixThatAllHave() {
        assertThat(bundles.rollback(session, "flow.tls")).endsWith("done: flow.tls 0.1.0 serves in place of 0.1.1");
        assertThat(bundles.remove(session, "io.portunus.flow.tls", "--drain", "5m")).endsWith("done: no version of flow.tls serves any more");
        bundles.rollback(session, "org.example.x");
        bundles.rollback(session, "other");
        assertThat(bundles.release(session, "flow.tls")).endsWith("done: flow.tls 0.1.1 serves");

        assertThat(control.asked).containsExactly("rollback io.portunus.flow.tls by shell",
            "remove io.portunus.flow.tls by shell Optional[PT5M]", "rollback org.example.x by shell", "rollback other by shell",
            "release io.portunus.flow.tls by shell");
    }

    @Test
    void answersWhatAnUpgradeWouldTouch() {
        assertThat(bundles.impact(session, "flow.tls")).isEqualTo("""
            it can be replaced at once
            0.0.9 was taken back, and is passed over.
            BUNDLE    VERSION  LIVE  FLOWS  ROLLS BACK TO  RESTARTS
            flow.tls  0.1.1    yes       3  0.1.0          -""");
        assertThat(bundles.impact(session, "other")).isEqualTo("there is no bundle 'other'; 'portunus:bundles' lists them");
        assertThat(refused()).isTrue();
    }

    @Test
    void takesOverKindsRemovesByForceAndDrainsAVersion() {
        bundles.upgrade(session, "/x.jar", "--replaces", "flow.tls, other");
        bundles.remove(session, "flow.tls", "--force");
        assertThat(bundles.drainversion(session, "flow.tls", "0.1.0", "--within", "10m")).isEqualTo("read the jar\nswitched");
        assertThat(bundles.drainversion(session, "flow.tls", "0.1.0")).startsWith("how long may its flows stay?");
        assertThat(bundles.drainversion(session, "flow.tls", "--within", "10m")).startsWith("which version of which bundle?");
        control.fails = true;
        assertThat(bundles.drainversion(session, "flow.tls", "0.1.0", "--within", "10m")).contains("self_check_failed");

        assertThat(control.asked).startsWith("upgrade /x.jar by shell Optional.empty replaces [io.portunus.flow.tls, other]",
            "remove io.portunus.flow.tls by shell Optional.empty by force", "drain io.portunus.flow.tls 0.1.0 PT10M by shell");
    }

    @Test
    void pinsARuleOrASourceAndTakesThePinAway() {
        assertThat(pins.pins(session)).isEqualTo("there are no pins");
        assertThat(pins.pin(session, "-r", "web", "flow.tls", "0.1.0"))
            .isEqualTo("new flows of rule web get flow.tls 0.1.0 while it runs");
        pins.pin(session, "-s", "192.0.2.0/24", "flow.tls", "0.1.1");
        assertThat(pins.pins(session)).isEqualTo("""
            SUBJECT              BUNDLE    VERSION
            rule web             flow.tls  0.1.0
            source 192.0.2.0/24  flow.tls  0.1.1""");

        assertThat(pins.unpin(session, "-s", "192.0.2.0/24")).isEqualTo("new flows of source 192.0.2.0/24 get the version that serves");
        assertThat(refused()).isFalse();
        assertThat(pins.unpin(session, "-s", "192.0.2.0/24")).isEqualTo("there is no pin of source 192.0.2.0/24; 'portunus:pins' lists them");
        assertThat(refused()).isTrue();
        assertThat(control.pins).hasSize(1);
    }

    @Test
    void refusesPinsThatMakeNoSense() {
        assertThat(pins.pin(session, "flow.tls", "0.1.0")).startsWith("give one of -r RULE and -s CIDR; usage: portunus:pin ");
        assertThat(pins.pin(session, "-r", "web", "-s", "::/0", "flow.tls", "0.1.0")).startsWith("give one of");
        assertThat(pins.pin(session, "-s", "192.0.2.1/24", "flow.tls", "0.1.0")).startsWith("'192.0.2.1/24' after -s is no block");
        assertThat(pins.pin(session, "-r", "web", "flow.tls")).startsWith("which version of which bundle?");
        control.fails = true;
        assertThat(pins.pin(session, "-r", "web", "flow.tls", "7")).isEqualTo("version: it does not run (not_found)");
        assertThat(refused()).isTrue();
        assertThat(control.pins).isEmpty();
    }

    @Test
    void answersWrongWordsWithTheUsage() {
        assertThat(bundles.upgrade(session)).endsWith("usage: portunus:upgrade FILE [--drain 30s] [--replaces BUNDLE,...]");
        assertThat(bundles.upgrade(session, "x.jar", "--drain", "30")).startsWith("'30' after --drain is no time such as 30s, 5m or 2h");
        assertThat(bundles.upgrade(session, "a\0b")).startsWith("'a\\x00b' is no path");
        assertThat(bundles.rollback(session)).startsWith("which bundle?");
        assertThat(control.asked).isEmpty();
        assertThat(refused()).isTrue();
    }

    @Test
    void answersWhichBundleIsMissing() {
        parts.bundles = null;

        assertThat(bundles.bundles(session)).contains("deploy.felix is not active");
        assertThat(refused()).isTrue();
    }
}
