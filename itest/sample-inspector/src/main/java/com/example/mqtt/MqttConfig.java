// SPDX-License-Identifier: Apache-2.0
package com.example.mqtt;

import io.portunus.node.api.Setting;
import io.portunus.node.api.SettingsTable;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The table {@code [mqtt]} of the configuration file. */
@SettingsTable(table = "mqtt")
@ObjectClassDefinition(id = MqttConfig.PID, name = "the MQTT inspector", description = "What counts as MQTT.")
@interface MqttConfig {
    /** Its configuration. */
    String PID = "com.example.mqtt";

    /** Levels of the protocol; none: all of them. */
    @Setting(least = 1)
    @AttributeDefinition(cardinality = 3, options = {@Option("3"), @Option("4"), @Option("5")},
        description = "Levels of the protocol that are recognised, 3 is MQTT 3.1, 4 is 3.1.1; none: all of them")
    String[] levels() default {};
}
