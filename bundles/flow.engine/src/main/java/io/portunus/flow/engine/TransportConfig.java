// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.node.api.Setting;
import io.portunus.node.api.SettingsTable;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Which transport carries the listeners whose rules name none, and what it means that one cannot be bound. */
@SettingsTable(table = "global")
@ObjectClassDefinition(id = TransportConfig.PID, name = "the transport", description = "What belongs to the whole node.")
@interface TransportConfig {
    /** Its configuration. */
    String PID = "io.portunus.transport";
    /** Of {@link #start}: the node counts as ready, and as degraded, while it has listeners that could not be bound. */
    String PARTIAL = "partial";

    /** Name of a transport. */
    @Setting(key = "transport", provided = "transport")
    @AttributeDefinition(options = @Option(Transports.AUTO),
        description = "What carries connections of rules that do not say; auto is the transport of the highest rank, xnio")
    String name() default Transports.AUTO;

    /** What a start needs. */
    @AttributeDefinition(options = {@Option("all"), @Option(PARTIAL)}, description = "Whether a start ends with exit code 1 when a listener cannot be"
        + " bound, or the node serves what it can bind and tries the rest again, after 1 s at first and 30 s at most")
    String start() default "all";
}
