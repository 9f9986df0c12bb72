// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The table {@code [limits]}. */
@ObjectClassDefinition(id = LimitsConfig.PID, name = "Limits of the data path")
@interface LimitsConfig {
    /** Its configuration. */
    String PID = "io.portunus.limits";

    /** Ceiling of live flows. */
    @AttributeDefinition(
        description = "Flows that may be open at once, 0..1000000. 0, or more than the process can hold: as many as it has descriptors and heap for.")
    long max_connections() default 0;

    /** Ceiling of peeks a listener. */
    @AttributeDefinition(description = "Connections of one listener that may wait for their ClientHello at once, 1..65536.")
    int max_peeks() default 1024;

    /** Budget of buffers. */
    @AttributeDefinition(
        description = "Bytes that all flows may hold of what their peers sent, 0 or 1048576..1073741824, at most half of the heap. 0: an eighth.")
    long max_buffer_bytes() default 0;
}
