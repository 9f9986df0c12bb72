// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Which transport carries the listeners whose rules name none, and what it means that one cannot be bound. */
@ObjectClassDefinition(id = TransportConfig.PID, name = "Transport of the data path")
@interface TransportConfig {
    /** Its configuration. */
    String PID = "io.portunus.transport";

    /** Name of a transport. */
    @AttributeDefinition(description = "auto, or the name of a transport, as xnio or epoll.")
    String name() default Transports.AUTO;

    /** Whether the node serves in part. */
    @AttributeDefinition(description = "Whether the node counts as ready, and as degraded, while it has listeners that could not be bound.")
    boolean partial() default false;
}
