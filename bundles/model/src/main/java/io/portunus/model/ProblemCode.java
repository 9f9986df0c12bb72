// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

/** Every code a {@link Problem} can have, with the sentence for the reference. */
public enum ProblemCode {
    /** The file is not TOML. */
    SYNTAX("syntax", "The file is not valid TOML."),
    /** A key that does not exist. */
    UNKNOWN_KEY("unknown_key", "There is no such key."),
    /** A key of a feature that this release does not have. */
    NOT_SUPPORTED_YET("not_supported_yet", "This release does not have the feature yet."),
    /** A key that must be there is not. */
    MISSING_KEY("missing_key", "A required key is missing."),
    /** Two keys that exclude each other. */
    CONFLICTING_KEYS("conflicting_keys", "Exactly one of these keys may be given."),
    /** A value of the wrong type. */
    WRONG_TYPE("wrong_type", "The value has the wrong type."),
    /** A value outside its range or set. */
    INVALID_VALUE("invalid_value", "The value is outside what is allowed."),
    /** Not a port or a port range. */
    RANGE_INVALID("range_invalid", "The ports are not a valid range, or the ranges are not equally wide."),
    /** The same port twice. */
    PORT_IN_USE("port_in_use", "Another rule, the admin surface or another process has the port."),
    /** Connections are refused because there are too many. */
    CONNECTIONS_FULL("connections_full", "The node, or one of its rules, has as many connections as it may have, and refuses more."),
    /** Not a host that can be a target. */
    INVALID_TARGET_HOST("invalid_target_host", "The target is not host:port with a valid host."),
    /** Not a service that can be a target. */
    INVALID_SERVICE_NAME("invalid_service_name", "The service is not _service._tcp and the domain that has its records."),
    /** Not a name pattern. */
    SNI_PATTERN_MALFORMED("validation.sni_pattern_malformed",
        "The name is no host name, no '*.' or '**.' with a parent, and no '~' with an expression."),
    /** Names only go with one single port. */
    SNI_ON_UNSUPPORTED_RULE("validation.sni_on_unsupported_rule", "A name needs TCP and single ports."),
    /** Two rules with the same name on one port. */
    SNI_ROUTE_DUPLICATE("conflict.sni_route_duplicate", "Two rules of one port want the same name on the same conditions."),
    /** Two rules without a name on a port shared by name. */
    SNI_FALLBACK_DUPLICATE("conflict.sni_fallback_duplicate", "A port routed by name can have one fallback only."),
    /** Two rules with the same kind on one port. */
    KIND_DUPLICATE("conflict.kind_duplicate", "Two rules of one port want the same kind of protocol on the same conditions."),
    /** A rule without a target. */
    TARGETS_EMPTY("targets_empty", "A rule has at least one target."),
    /** More targets than a rule may have. */
    TARGETS_TOO_MANY("targets_too_many", "A rule has more targets than it may have."),
    /** The same target twice. */
    TARGETS_DUPLICATE("targets_duplicate", "A rule lists the same host and port twice."),
    /** A probe that would be asked too often or too rarely. */
    HEALTH_CHECK_INTERVAL("health_check_interval_out_of_range", "Targets are probed every 1 to 3600 seconds."),
    /** Not a version of the PROXY protocol, or what that version cannot say. */
    PROXY_PROTOCOL_INVALID("validation.proxy_protocol_invalid", "The PROXY protocol has the versions v1 and v2, and only v2 has TLVs."),
    /** Rules of one port trust different sources with a PROXY header. */
    PROXY_TRUST_CONFLICT("conflict.proxy_trust", "The rules of one port have to trust the same sources with a PROXY header."),
    /** Rules of one port want different transports. */
    TRANSPORT_CONFLICT("conflict.transport", "The rules of one port have to be carried by the same transport."),
    /** Rules that forward to each other, or one that forwards to itself. */
    FORWARDING_LOOP("forwarding_loop", "A rule forwards to a listener of its own node, and by that back to itself."),
    /** Two rules with the same {@code name} key. */
    DUPLICATE_NAME("duplicate_name", "Rule names are unique."),
    /** Two rules with the same id, which whoever makes rules gives them. */
    DUPLICATE_ID("duplicate_id", "Rule ids are unique."),
    /** No rule at all. */
    NO_RULES("no_rules", "There is no rule."),
    /** The system refused the port. */
    PERMISSION_DENIED("permission_denied", "The system does not let this process bind the port."),
    /** The address cannot be bound. */
    BIND_FAILED("bind_failed", "The address could not be bound."),
    /** No target of any rule can be alive. */
    NO_TARGET_ALIVE("no_target_alive", "Every target of every rule has failed its probes or is drained."),
    /** A part of the appliance is not there. */
    COMPONENT_MISSING("component_missing", "A part that is needed is not running."),
    /** A component does not run. */
    COMPONENT_FAILED("component_failed", "A component failed when it was made, as one does that refuses its configuration."),
    /** Two services of the admin surface claim the same. */
    PATH_TAKEN("path_taken", "Two bundles bring the same resource or prefix for the admin surface; the first keeps it."),
    /** Nobody recognises what a rule wants. */
    NO_HANDLER("no_handler", "Nobody who runs recognises the protocol that the rule wants, or does what it asks for; the rule takes nothing."),
    /** The jar is not a bundle that can be read. */
    BUNDLE_UNREADABLE("bundle_unreadable", "The file is not a complete bundle."),
    /** What the bundle needs is not there. */
    BUNDLE_UNRESOLVED("bundle_unresolved", "The bundle needs something that is not there."),
    /** The bundle is not signed as required. */
    BUNDLE_UNSIGNED("bundle_unsigned", "The bundle is not signed by anybody who is trusted."),
    /** The bundle exports packages. */
    BUNDLE_EXPORTS("bundle_exports", "A bundle that exports packages cannot be replaced while the node forwards."),
    /** The bundle can only be replaced at a restart. */
    NEEDS_RESTART("needs_restart", "The bundle can be replaced at the next restart only."),
    /** The version is not newer than the one that serves. */
    NOT_NEWER("not_newer", "The version is not newer than the one that serves."),
    /** Too many versions of the bundle are there. */
    TOO_MANY_VERSIONS("too_many_versions", "As many versions of the bundle as may be are there; some still carry flows."),
    /** The bundle does not start. */
    START_FAILED("start_failed", "The bundle does not start."),
    /** The bundle's check of itself failed. */
    SELF_CHECK_FAILED("self_check_failed", "The bundle says that it does not work, or did not answer in time."),
    /** The bundle was taken back while it was watched. */
    BAKE_FAILED("bake_failed", "The bundle misbehaved while it was watched, and was taken back."),
    /** Bulk cannot be moved without copying it. */
    BULK_UNAVAILABLE("bulk_unavailable", "Bulk is copied, because the system or the JVM does not let it be moved otherwise."),
    /** The file may be somebody else's. */
    UNTRUSTED("untrusted", "A file or folder belongs to another user, or others may write to it."),
    /** Another change is under way. */
    BUSY("busy", "Another change is under way."),
    /** There is nothing of that name. */
    NOT_FOUND("not_found", "There is nothing of that name."),
    /** There is no version before. */
    NOTHING_TO_ROLL_BACK("nothing_to_roll_back", "There is no version before this one."),
    /** The file cannot be read. */
    IO_ERROR("io_error", "A file could not be read or written.");

    private final String code;
    private final String sentence;

    ProblemCode(String code, String sentence) {
        this.code = code;
        this.sentence = sentence;
    }

    /** The code as operators and programs see it. */
    public String code() {
        return code;
    }

    /** One sentence for the reference. */
    public String sentence() {
        return sentence;
    }
}
