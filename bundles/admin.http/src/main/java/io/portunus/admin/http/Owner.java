// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.node.api.BundleGuard;
import io.portunus.node.api.BundlePart;
import io.portunus.node.api.FaultAccount;
import java.util.Comparator;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * Who brings a service of the surface. Immutable.
 *
 * @param bundleId id of its bundle
 * @param bundle symbolic name of its bundle
 * @param version version of its bundle
 * @param serviceId id of the service: the lower, the earlier it came
 * @param ranking rank of the service
 */
record Owner(long bundleId, String bundle, String version, long serviceId, int ranking) {
    /** What came first goes first. */
    static final Comparator<Owner> FIRST_COME = Comparator.comparingLong(Owner::serviceId);
    /** The highest rank first, and of equal rank what came first. */
    static final Comparator<Owner> HIGHEST_RANK = Comparator.comparingInt(Owner::ranking).reversed().thenComparing(FIRST_COME);
    /** The surface itself, before everybody. */
    static final Owner SURFACE = new Owner(-1, "the admin surface", "", -1, Integer.MAX_VALUE);

    static Owner of(ServiceReference<?> reference) {
        Optional<Bundle> bundle = Optional.ofNullable(reference.getBundle());
        return new Owner(bundle.map(Bundle::getBundleId).orElse(-1L), bundle.map(Bundle::getSymbolicName).orElse(""),
            bundle.map(its -> its.getVersion().toString()).orElse(""), id(reference),
            reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer rank ? rank : 0);
    }

    /** Its {@link #serviceId}, which is known of one that has gone, too. */
    static long id(ServiceReference<?> reference) {
        return reference.getProperty(Constants.SERVICE_ID) instanceof Long id ? id : Long.MAX_VALUE;
    }

    /** The account of something that it brings. */
    FaultAccount account(BundleGuard guard, String part) {
        return guard.account(new BundlePart(bundle, version, part));
    }

    /** Whether both are versions of one bundle, of which the later waits to take over. */
    boolean succeeds(Owner other) {
        return bundle.equals(other.bundle) && bundleId != other.bundleId;
    }

    @Override
    public String toString() {
        return version.isEmpty() ? bundle : bundle + " " + version;
    }
}
