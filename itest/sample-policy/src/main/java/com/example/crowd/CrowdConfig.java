// SPDX-License-Identifier: Apache-2.0
package com.example.crowd;

import io.portunus.node.api.SettingsTable;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The table {@code [crowd]} of the configuration file. */
@SettingsTable(table = "crowd")
@ObjectClassDefinition(id = CrowdConfig.PID, name = "the crowd policy", description = "How many connections may be open at once.")
@interface CrowdConfig {
    /** Its configuration. */
    String PID = "com.example.crowd";

    /** Connections of one source; 0 for any number. */
    @AttributeDefinition(min = "0", max = "1000000", description = "Most open connections of one source, 0 for any number")
    long per_source() default 0;
}
