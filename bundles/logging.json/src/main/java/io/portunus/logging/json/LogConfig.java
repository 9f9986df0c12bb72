// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What is logged and how; the framework properties {@code portunus.log.level} and {@code portunus.log.format} take precedence. */
@ObjectClassDefinition(name = "Portunus log", description = "What is logged and how.")
@interface LogConfig {
    /** The PID. */
    String PID = "io.portunus.log";

    @AttributeDefinition(description = "Least severe level that is logged: off, error, warn, info, debug or trace.")
    String level() default "warn";

    @AttributeDefinition(description = "json: one object a line; pretty: text for people.")
    String format() default "json";
}
