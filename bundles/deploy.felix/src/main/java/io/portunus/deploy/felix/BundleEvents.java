// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.model.Problem;
import io.portunus.node.api.Deployment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be asked of bundles, and the log's events of what became of it. Immutable. */
enum BundleEvents {
    /** A jar is to serve. */
    UPGRADE("upgrade", "bundle.upgraded", "bundle.upgrade_refused"),
    /** The version before is to serve again. */
    ROLLBACK("rollback", "bundle.rolled_back", "bundle.rollback_refused"),
    /** A deployed bundle is to go. */
    REMOVE("remove", "bundle.removed", "bundle.remove_refused");

    private static final Logger LOG = LoggerFactory.getLogger(BundleEvents.class);
    private final String verb;
    private final String done;
    private final String refused;

    BundleEvents(String verb, String done, String refused) {
        this.verb = verb;
        this.done = done;
        this.refused = refused;
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
            .log(result.problems().stream().findFirst().map(Problem::text).orElse("new flows go to the version"));
    }
}
