// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

/** Codes of what can be wrong with rules, wherever they come from; raised by {@link RuleChecks}, and by those who read rules. Stateless. */
public final class RuleCode {
    /** Not a port or a port range. */
    public static final ProblemCode RANGE_INVALID = new ProblemCode("range_invalid",
        "The ports are not a valid range, or the ranges are not equally wide.");
    /** Not a host that can be a target. */
    public static final ProblemCode INVALID_TARGET_HOST = new ProblemCode("invalid_target_host", "The target is not host:port with a valid host.");
    /** Not a service that can be a target. */
    public static final ProblemCode INVALID_SERVICE_NAME = new ProblemCode("invalid_service_name",
        "The service is not _service._tcp and the domain that has its records.");
    /** Not a name pattern. */
    public static final ProblemCode SNI_PATTERN_MALFORMED = new ProblemCode("validation.sni_pattern_malformed",
        "The name is no host name, no '*.' or '**.' with a parent, and no '~' with an expression.");
    /** Names only go with one single port. */
    public static final ProblemCode SNI_ON_UNSUPPORTED_RULE = new ProblemCode("validation.sni_on_unsupported_rule",
        "A name needs single ports.");
    /** Something that only another protocol has. */
    public static final ProblemCode NOT_FOR_PROTOCOL = new ProblemCode("validation.not_for_protocol",
        "The rule asks for something that its protocol does not have.");
    /** Two rules with the same name on one port. */
    public static final ProblemCode SNI_ROUTE_DUPLICATE = new ProblemCode("conflict.sni_route_duplicate",
        "Two rules of one port want the same name on the same conditions.");
    /** Two rules without a name on a port shared by name. */
    public static final ProblemCode SNI_FALLBACK_DUPLICATE = new ProblemCode("conflict.sni_fallback_duplicate",
        "A port routed by name can have one fallback only.");
    /** Two rules with the same kind on one port. */
    public static final ProblemCode KIND_DUPLICATE = new ProblemCode("conflict.kind_duplicate",
        "Two rules of one port want the same kind of protocol on the same conditions.");
    /** A rule without a target. */
    public static final ProblemCode TARGETS_EMPTY = new ProblemCode("targets_empty", "A rule has at least one target.");
    /** More targets than a rule may have. */
    public static final ProblemCode TARGETS_TOO_MANY = new ProblemCode("targets_too_many", "A rule has more targets than it may have.");
    /** The same target twice. */
    public static final ProblemCode TARGETS_DUPLICATE = new ProblemCode("targets_duplicate", "A rule lists the same host and port twice.");
    /** A probe that would be asked too often or too rarely. */
    public static final ProblemCode HEALTH_CHECK_INTERVAL = new ProblemCode("health_check_interval_out_of_range",
        "Targets are probed every 1 to 3600 seconds.");
    /** Not a version of the PROXY protocol, or what that version cannot say. */
    public static final ProblemCode PROXY_PROTOCOL_INVALID = new ProblemCode("validation.proxy_protocol_invalid",
        "The PROXY protocol has the versions v1 and v2, and only v2 has TLVs.");
    /** Rules of one port trust different sources with a PROXY header. */
    public static final ProblemCode PROXY_TRUST_CONFLICT = new ProblemCode("conflict.proxy_trust",
        "The rules of one port have to trust the same sources with a PROXY header.");
    /** Rules of one port name different transports. */
    public static final ProblemCode TRANSPORT_CONFLICT = new ProblemCode("conflict.transport",
        "The rules of one port have to be carried by the same transport.");
    /** Rules that forward to each other, or one that forwards to itself. */
    public static final ProblemCode FORWARDING_LOOP = new ProblemCode("forwarding_loop",
        "A rule forwards to a listener of its own node, and by that back to itself.");
    /** A limit of nothing. */
    public static final ProblemCode RATE_LIMIT_CAP_ZERO = new ProblemCode("validation.rate_limit_cap_zero", "A limit is at least 1.");
    /** A limit beyond what is measured. */
    public static final ProblemCode RATE_LIMIT_CAP_RANGE = new ProblemCode("validation.rate_limit_cap_range",
        "A limit is higher than what can be measured.");
    /** A burst of no rate. */
    public static final ProblemCode RATE_LIMIT_BURST_WITHOUT_RATE = new ProblemCode("validation.rate_limit_burst_without_rate",
        "A burst goes with its rate.");
    /** A burst that does not fit its rate. */
    public static final ProblemCode RATE_LIMIT_BURST_RANGE = new ProblemCode("validation.rate_limit_burst_range",
        "A burst is a hundredth of its rate at least, and sixty times its rate at most.");
    /** A burst of what has none. */
    public static final ProblemCode RATE_LIMIT_BURST_UNSUPPORTED = new ProblemCode("validation.rate_limit_burst_unsupported",
        "Open connections have no burst.");
    /** Two rules with the same {@code name} key. */
    public static final ProblemCode DUPLICATE_NAME = new ProblemCode("duplicate_name", "Rule names are unique.");
    /** Two rules with the same id, which whoever makes rules gives them. */
    public static final ProblemCode DUPLICATE_ID = new ProblemCode("duplicate_id", "Rule ids are unique.");

    private RuleCode() {
    }
}
