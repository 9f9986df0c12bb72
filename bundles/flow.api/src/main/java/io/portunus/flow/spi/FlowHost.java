// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** What the engine offers to a handler. Thread-safe. */
@ProviderType
public interface FlowHost {
    /** The inspector of a kind, if one is running. */
    Optional<Inspector> inspector(String kind);

    /** Connects to an endpoint on the loop of a flow. */
    Cancellable connect(EventLoop loop, InetSocketAddress endpoint, ConnectListener done);
}
