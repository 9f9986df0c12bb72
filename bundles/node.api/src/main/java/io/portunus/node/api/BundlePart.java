// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

/**
 * What of a version of a bundle is called. Immutable.
 *
 * @param bundle symbolic name
 * @param version its version
 * @param part what it is to the node: {@code "policy crowd"}, {@code "record sink"}, {@code "start"}
 */
public record BundlePart(String bundle, String version, String part) {
    /** Whether it is of a version of a bundle. */
    boolean of(String name, String itsVersion) {
        return bundle.equals(name) && version.equals(itsVersion);
    }

    @Override
    public String toString() {
        return part + " of " + bundle + " " + version;
    }
}
