package ${package};

import io.portunus.node.api.SettingsTable;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What a rule sets for the policy. */
@SettingsTable(table = "rule.policies.${kind}")
@ObjectClassDefinition(id = "${groupId}.${artifactId}.rule", name = "the ${kind} policy",
    description = "How many connections of the rule may be open.")
@interface ${prefix}OfRule {
    /** Connections of the rule. */
    @AttributeDefinition(min = "1", max = "1000000", description = "Most open connections of the rule")
    long flows();
}
