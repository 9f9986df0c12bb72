// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher.role;

/**
 * A class that runs without a framework, from the jars of a feature and nothing else but the JDK. Immutable.
 *
 * @param feature the feature
 * @param type its public class; launcher and class meet in types of the JDK alone
 */
public record PlainCode(String feature, String type) {
}
