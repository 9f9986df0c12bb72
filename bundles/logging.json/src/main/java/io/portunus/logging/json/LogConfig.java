// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import io.portunus.node.api.Setting;
import io.portunus.node.api.SettingsTable;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** What is logged and how; the framework properties {@code portunus.log.level} and {@code portunus.log.format} take precedence. */
@SettingsTable(table = "global")
@ObjectClassDefinition(name = "the log", description = "What belongs to the whole node.")
@interface LogConfig {
    /** The PID. */
    String PID = "io.portunus.log";

    @Setting(key = "log_level")
    @AttributeDefinition(description = "Least severe level that is logged", options = {@Option("off"), @Option("error"), @Option("warn"),
        @Option("info"), @Option("debug"), @Option("trace")})
    String level() default "warn";

    @Setting(key = "log_format")
    @AttributeDefinition(description = "One object a line, or text for people", options = {@Option("json"), @Option("pretty")})
    String format() default "json";
}
