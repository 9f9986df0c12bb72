// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Right;

/** The rights that calls to the node's resources need. */
final class Rights {
    /** To see rules, listeners, and where a connection would go. */
    static final Right RULES_READ = new Right("rules.read");
    /** To put into force what the rule file holds now. */
    static final Right RULES_CHANGE = new Right("rules.change");
    /** To see targets and their health. */
    static final Right TARGETS_READ = new Right("targets.read");
    /** To drain targets. */
    static final Right TARGETS_CHANGE = new Right("targets.change");
    /** To see live flows and their peers. */
    static final Right FLOWS_READ = new Right("flows.read");
    /** To end flows. */
    static final Right FLOWS_CHANGE = new Right("flows.change");
    /** To see bundles and pins. */
    static final Right BUNDLES_READ = new Right("bundles.read");
    /** To upgrade, take back, remove and pin bundles: whoever may do that runs code of his own in the node. */
    static final Right BUNDLES_CHANGE = new Right("bundles.change");
    /** To see the node as a whole. */
    static final Right NODE_READ = new Right("node.read");
    /** To see who changed what. */
    static final Right CHANGES_READ = new Right("changes.read");

    private Rights() {
    }
}
