// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import org.osgi.annotation.versioning.ProviderType;

/** The node's metrics in an exposition format. Thread-safe. */
@ProviderType
public interface MetricsPage {
    /**
     * Renders all metrics.
     *
     * @param accept the request's {@code Accept} header, empty if there was none
     */
    Rendered render(String accept);

    /**
     * A rendered page.
     *
     * @param contentType its media type
     * @param body its text
     */
    record Rendered(String contentType, String body) {
    }
}
