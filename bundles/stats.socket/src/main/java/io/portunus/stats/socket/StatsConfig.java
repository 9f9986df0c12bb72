// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The table {@code [stats]}. */
@ObjectClassDefinition(name = "Statistics socket", description = "Live statistics for programs of this machine, as portunus-standalone stats.")
public @interface StatsConfig {
    /** Its configuration. */
    String PID = "io.portunus.stats";

    /** Whether there is a socket. */
    @AttributeDefinition(name = "enabled", description = "Whether there is a socket.")
    boolean enabled() default true;

    /** Where it is. */
    @AttributeDefinition(name = "socket_path", description = "Path of the Unix socket; its directory is made if it is missing.")
    String socket_path() default "/run/portunus/standalone.sock";

    /** Where it is if nobody named that path and there can be none. */
    @AttributeDefinition(name = "fallback", description = "Path that does as well, if there can be none at the other; empty: none does.")
    String fallback() default "";

    /** How often it tells. */
    @AttributeDefinition(name = "refresh_ms", description = "Milliseconds between two snapshots, 250 to 5000.")
    long refresh_ms() default 1000;
}
