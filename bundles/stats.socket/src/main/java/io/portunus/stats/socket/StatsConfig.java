// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import io.portunus.node.api.Setting;
import io.portunus.node.api.SettingsTable;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The table {@code [stats]}. */
@SettingsTable(table = "stats")
@ObjectClassDefinition(name = "the statistics socket", description = "Live statistics for programs of this machine, as portunus-standalone stats.")
public @interface StatsConfig {
    /** Its configuration. */
    String PID = "io.portunus.stats";

    /** Whether there is a socket. */
    @AttributeDefinition(description = "Whether there is a statistics socket; the option --no-stats wins")
    boolean enabled() default true;

    /** Where it is. */
    @Setting(form = Setting.SOCKET)
    @AttributeDefinition(description = "Absolute path of the socket, at most 107 bytes, whose folder is made if it is missing; the option"
        + " --stats-socket wins")
    String socket_path() default "/run/portunus/standalone.sock";

    /** Whether nobody named the path. */
    @Setting(form = Setting.NOT_WRITTEN, of = "socket_path")
    @AttributeDefinition(description = "Whether the file stats.sock of the state folder does as well, if there can be none at the path")
    boolean fallback() default false;

    /** How often it sends. */
    @AttributeDefinition(min = "250", max = "5000", description = "Milliseconds between two snapshots")
    long refresh_ms() default 1000;
}
