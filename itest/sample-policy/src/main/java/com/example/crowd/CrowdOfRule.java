// SPDX-License-Identifier: Apache-2.0
package com.example.crowd;

import io.portunus.node.api.SettingsTable;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What a rule sets for the policy, {@code policies.crowd = { flows = 100 }}. */
@SettingsTable(table = "rule.policies.crowd")
@ObjectClassDefinition(id = "com.example.crowd.rule", name = "the crowd policy",
    description = "How many connections of the rule may be open at once.")
@interface CrowdOfRule {
    /** Connections of the rule. */
    @AttributeDefinition(min = "1", max = "1000000", description = "Most open connections of the rule")
    long flows();
}
