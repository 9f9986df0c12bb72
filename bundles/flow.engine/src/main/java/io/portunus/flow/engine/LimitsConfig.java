// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.node.api.Setting;
import io.portunus.node.api.SettingsTable;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The table {@code [limits]}. */
@SettingsTable(table = "limits")
@ObjectClassDefinition(id = LimitsConfig.PID, name = "the ceilings", description = "Ceilings of the node.")
@interface LimitsConfig {
    /** Its configuration. */
    String PID = "io.portunus.limits";

    /** Ceiling of live flows. */
    @AttributeDefinition(min = "0", max = "1000000", description = "Most live connections; 0, or more than fit: as many as there are descriptors and"
        + " heap for. While there are several rules, none has the last tenth")
    long max_connections() default 0;

    /** Ceiling of peeks a listener. */
    @AttributeDefinition(min = "1", max = "65536", description = "Most connections of a listener that wait for their TLS hello at once; with one"
        + " more, the one that has waited longest gives way")
    int max_peeks() default 1024;

    /** Budget of buffers. */
    @Setting(zero = true)
    @AttributeDefinition(min = "1048576", max = "1073741824", description = "Bytes that all connections together may have buffered, half of the heap"
        + " at most; when they are full, the connection that has waited longest without progress gives way; 0: an eighth of the heap")
    long max_buffer_bytes() default 0;
}
