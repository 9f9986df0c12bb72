// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import io.portunus.model.Offer;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Which bundle serves what, when several offer the same. It is decided and not a matter of who came first: only the owner serves new flows, in the
 * version that {@link FlowVersions} prefers, and while it is not there the kind is missing. What nobody decided belongs to the first bundle that
 * comes with it, until something else is decided. Thread-safe; a decision is one write, seen by the next accepted connection. Implemented by the
 * engine.
 */
@ProviderType
public interface KindOwners {
    /** Framework property with what was decided before the start, as in {@code inspector.tls=com.example.tls}, separated by spaces. */
    String PROPERTY = "portunus.owners";

    /** Symbolic name of the bundle that owns what is offered, or was. */
    Map<Offer, String> owners();

    /** Decides; replaces all that was decided before, and whom it does not name has no owner but the first that has come with it. */
    void decide(Map<Offer, String> owners);

    /**
     * Decides, and gives new flows to the providers of a version of a bundle in the same step: the switch.
     *
     * @return whether the version has any provider
     */
    boolean decide(Map<Offer, String> owners, String bundle, String version);

    /** Services that the manifests of their bundles do not declare; the engine does not take them. */
    List<Undeclared> undeclared();

    /**
     * Names of the enabled rules in force that take nothing while nobody serves this, in their order. Goes through all rules.
     *
     * @param most at most as many
     */
    List<String> rulesOn(Offer offer, int most);

    /**
     * A service that is not taken.
     *
     * @param bundle symbolic name
     * @param version version of the bundle
     * @param offer what it would have been
     */
    record Undeclared(String bundle, String version, Offer offer) {
    }
}
