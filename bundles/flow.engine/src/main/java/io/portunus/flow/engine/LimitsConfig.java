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
        description = "Flows that may be open at once, 0..1000000. 0: half of the descriptor limit, less 256 for the rest and 128 a loop for bulk.")
    long max_connections() default 0;

    /** Ceiling of peeks a listener. */
    @AttributeDefinition(description = "Connections of one listener that may wait for their ClientHello at once, 1..65536.")
    int max_peeks() default 1024;
}
