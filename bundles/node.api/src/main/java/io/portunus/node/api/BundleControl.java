// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import io.portunus.flow.api.VersionPin;
import io.portunus.model.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The bundles of the node, replaced while it forwards. Thread-safe. One change at a time; another that comes meanwhile is refused as
 * {@code busy}. What fails anywhere leaves the node as it was.
 */
@ProviderType
public interface BundleControl {
    /** Every bundle, each version of it, in the order of their names and versions. */
    List<BundleView> bundles();

    /**
     * Installs a jar: beside the version that runs, which it then replaces for new flows; or anew. Blocks until it has proved itself, or has
     * been taken back. The jar is copied; it may be deleted afterwards.
     *
     * @param drain how long flows may stay on the version replaced; empty for as long as they live
     * @param replaces symbolic names of other bundles whose kinds it may take, those that its manifest declares; without it a jar that declares what
     *     another bundle owns is refused
     */
    Deployment upgrade(Path jar, Actor by, Optional<Duration> drain, Set<String> replaces);

    /** Gives new flows back to the version before, at any time while there is one. */
    Deployment rollback(String bundle, Actor by);

    /**
     * Takes a deployed bundle away: its former version of the distribution serves again, or the bundles that it replaced do, or nothing does.
     *
     * @param drain how long flows may stay on it; empty for as long as they live
     * @param force whether also what rules in force need, and nobody else serves
     */
    Deployment remove(String bundle, Actor by, Optional<Duration> drain, boolean force);

    /**
     * Bounds how long flows may stay on a version that drains already; what is sooner holds.
     *
     * @param within how long from now on
     */
    Deployment drain(String bundle, String version, Duration within, Actor by);

    /** Has the parts of a bundle called again that are in quarantine, in all its versions. */
    Deployment release(String bundle, Actor by);

    /** What an upgrade of a bundle would touch; empty if there is no such bundle. */
    Optional<Impact> impact(String bundle);

    /** The pins, kept over restarts. */
    List<VersionPin> pins();

    /**
     * Keeps new flows of a rule or a source on a version that runs; replaces an earlier pin of the same subject and bundle.
     *
     * @return what is wrong with it; empty when it is in force
     */
    List<Problem> pin(VersionPin pin, Actor by);

    /**
     * Takes the pins of a subject away.
     *
     * @param subject as {@link VersionPin#subject} has it
     * @return whether there was any
     */
    boolean unpin(String subject, Actor by);
}
