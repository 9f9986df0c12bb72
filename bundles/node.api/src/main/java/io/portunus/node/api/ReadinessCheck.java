// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A part of the node that reports whether it is ready. The node is ready when every part of {@link #EXPECTED} is registered and none has a
 * problem. Thread-safe; answers at once. It is asked by {@link NodeReadiness} alone.
 */
@ConsumerType
public interface ReadinessCheck {
    /** The configuration file was read and can be started with; given by who reads it. A node without a file has none. */
    String CONFIG = "config";
    /** A source has given rules, and they are in force; given by who merges the sources. */
    String RULES = "rules";
    /** A transport, a handler and every listener are there; given by the engine. */
    String FORWARDING = "forwarding";
    /** Of all targets at least one may be alive; given by who finds targets. A node starts without, and is not ready then. */
    String TARGETS = "targets";
    /** The admin surface listens; given by the admin surface. */
    String ADMIN = "admin";
    /** What was deployed serves again, and more can be; given by the deployer. */
    String DEPLOYMENT = "deployment";
    /** No component has failed when it was made, as one does that refuses its configuration; given by the deployer. A node starts without. */
    String COMPONENTS = "components";
    /** A check threw, or did not answer. */
    ProblemCode FAILED = new ProblemCode("readiness_check_failed", "A readiness check of a bundle threw, or did not answer.");
    /** No part of a bundle is in quarantine, and no call of one hangs; given by the engine. Only ever degraded: the node serves without. */
    String BUNDLES = "bundles";
    /** The parts without which no node is ready. */
    List<String> EXPECTED = List.of(RULES, FORWARDING, ADMIN, DEPLOYMENT);

    /** Name of the part. */
    String name();

    /** What keeps it from being ready; empty when nothing does. */
    List<Problem> problems();

    /** What an operator should mend although the part does what it is for: it is shown, and keeps the node from nothing. */
    default List<Problem> degraded() {
        return List.of();
    }
}
