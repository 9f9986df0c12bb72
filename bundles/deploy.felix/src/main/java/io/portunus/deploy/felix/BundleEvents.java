// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.model.Problem;
import io.portunus.node.api.Deployment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be asked of bundles, and the log's events of what became of it. Immutable. */
enum BundleEvents {
    /** A jar is to serve. */
    UPGRADE("upgrade", "bundle.upgraded", "bundle.upgrade_refused", "new flows go to the version"),
    /** The version before is to serve again. */
    ROLLBACK("rollback", "bundle.rolled_back", "bundle.rollback_refused", "new flows go to the version"),
    /** A deployed bundle is to go. */
    REMOVE("remove", "bundle.removed", "bundle.remove_refused", "new flows go to the version"),
    /** The flows of a version that goes are to end. */
    DRAIN("drain", "bundle.draining", "bundle.drain_refused", "the flows of the version end within the time"),
    /** Its parts that are in quarantine are to be called again. */
    RELEASE("release", "bundle.released", "bundle.release_refused", "its parts are called again");

    private static final Logger LOG = LoggerFactory.getLogger(BundleEvents.class);
    private final String verb;
    private final String done;
    private final String refused;
    private final String sentence;

    BundleEvents(String verb, String done, String refused, String sentence) {
        this.verb = verb;
        this.done = done;
        this.refused = refused;
        this.sentence = sentence;
    }

    /** How the change is called. */
    String what() {
        return "bundle." + verb;
    }

    /** Logs what became of it. */
    void log(String subject, Deployment result, String by) {
        var event = result.done() ? LOG.atInfo() : LOG.atWarn();
        event.addKeyValue("event", result.done() ? done : refused).addKeyValue("bundle", subject).addKeyValue("from", result.from())
            .addKeyValue("to", result.to()).addKeyValue("by", by)
            .log(result.problems().stream().findFirst().map(Problem::text).orElse(sentence));
    }
}
