// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * State that a newer version of a bundle takes over from the one it replaces: values of the JDK only, because the two have classes of
 * different loaders. Both calls come on the upgrade's thread, {@link #give} of the old version right before new flows go to the new one.
 * Thread-safe: flows run meanwhile, and what they change after {@code give} is lost to the new version.
 */
@ConsumerType
public interface Handover {
    /** The state: strings, numbers, booleans, and lists and maps of them. */
    Map<String, Object> give();

    /** Takes what another version gave, which may lack keys or have others. */
    void take(Map<String, Object> state);
}
