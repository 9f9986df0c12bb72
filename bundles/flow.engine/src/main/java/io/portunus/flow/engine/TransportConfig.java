// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Which transport carries the listeners whose rules name none. */
@ObjectClassDefinition(id = TransportConfig.PID, name = "Transport of the data path")
@interface TransportConfig {
    /** Its configuration. */
    String PID = "io.portunus.transport";

    /** Name of a transport. */
    @AttributeDefinition(description = "auto, or the name of a transport, as xnio or epoll.")
    String name() default Transports.AUTO;
}
