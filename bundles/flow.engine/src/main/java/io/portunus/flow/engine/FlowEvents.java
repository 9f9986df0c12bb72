// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.model.Route;
import io.portunus.model.SocketAddresses;
import io.portunus.node.api.BundlePart;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The log's events of flows, by the names that Portunus' users know. They are DEBUG: what peers do is counted and recorded, and a log of it
 * is for those who look into one case. Thread-safe; costs one level check while the level is off.
 */
final class FlowEvents {
    private static final Logger RULES = LoggerFactory.getLogger(FlowEvents.class);
    /** The target that events of names have always had. */
    private static final Logger NAMES = LoggerFactory.getLogger("tls_sni");
    private static final Map<CloseReason, String> REFUSALS = Map.of(
        CloseReason.NO_MATCHING_NAME, "tls.sni_no_match",
        CloseReason.NO_NAME, "tls.no_sni",
        CloseReason.NOT_TLS, "tls.parse_failed",
        CloseReason.HELLO_MALFORMED, "tls.parse_failed",
        CloseReason.PEEK_TIMEOUT, "tls.client_hello_timeout",
        CloseReason.PEEK_CAPACITY, "tls.sni_peek_capacity");

    private FlowEvents() {
    }

    /** A name was routed. */
    static void routedByName(long flow, String rule, String serverName) {
        NAMES.atDebug().addKeyValue("event", "tls.sni_routed").addKeyValue("flow_id", flow).addKeyValue("rule", rule)
            .addKeyValue("sni", serverName).log();
    }

    /** A policy refused a flow, which may have no rule yet. Nothing is made of it while nobody reads it. */
    static void refused(Flow flow, Provider policy, CloseReason reason) {
        if (RULES.isDebugEnabled()) {
            Route chosen = flow.course().route();
            RULES.atDebug().addKeyValue("event", "rule.rate_limit_reject").addKeyValue("rule", chosen == null ? "" : chosen.rule().name())
                .addKeyValue("peer", SocketAddresses.text(flow.client())).addKeyValue("reason", reason.code()).addKeyValue("flow_id", flow.id())
                .addKeyValue("listener", flow.listener().text()).addKeyValue("policy", policy.origin().post().kind()).log();
        }
    }

    /** A bundle threw; its flow was ended. Once a flow at most twice, so peers can make it no louder than the connections they open. */
    static void failed(long flow, Throwable fault) {
        with(fault, RULES.atError().addKeyValue("event", "flow.internal_error").addKeyValue("flow_id", flow), "a flow was ended by a defect");
    }

    /** A bundle threw when it was offered a flow that was open before it came; the flow goes on without it. */
    static void passedOver(BundlePart part, Throwable fault) {
        with(fault, about(part), "a policy failed when it was offered a flow that is open; the flow goes on as it was");
    }

    /** A sink threw; the record is lost, and nothing else. */
    static void sinkFailed(BundlePart part, Throwable fault) {
        with(fault, about(part), "a sink of access records failed, and the record is lost to it");
    }

    /** A bundle threw where no flow was concerned, or did not come back; what was asked of it is not done. */
    static void callFailed(BundlePart part, Throwable fault) {
        with(fault, about(part), "a call of a bundle failed");
    }

    /** A part is called no more. */
    static void quarantined(BundlePart part) {
        RULES.atError().addKeyValue("event", "bundle.quarantined").addKeyValue("bundle", part.bundle()).addKeyValue("version", part.version())
            .addKeyValue("part", part.part())
            .log("a part of a bundle failed again and again, and is not called until it is released or another version comes");
    }

    private static LoggingEventBuilder about(BundlePart part) {
        return RULES.atError().addKeyValue("event", "bundle.failed").addKeyValue("bundle", part.bundle()).addKeyValue("version", part.version())
            .addKeyValue("part", part.part());
    }

    /** What a bundle throws is made by the bundle: it may throw again when the log reads it. */
    private static void with(Throwable fault, LoggingEventBuilder event, String sentence) {
        try {
            event.setCause(fault).log(sentence);
        } catch (Throwable lastResort) {
            RULES.atError().addKeyValue("event", "bundle.failed").addKeyValue("fault", fault.getClass().getName())
                .log("a bundle threw what cannot be read");
        }
    }

    /** A bundle threw when it was asked for its reasons, once for each part that comes; it serves without. */
    static void failed(Provider.Origin origin, Throwable fault) {
        with(fault, RULES.atError().addKeyValue("event", "flow.internal_error").addKeyValue("bundle", origin.bundle()),
            "a part of the data path did not say for what reasons it ends flows");
    }

    /** A flow ended, or was refused. Nothing is made of it while nobody reads it. The first values are the predecessor's. */
    static void ended(FlowRecord flow) {
        String refusal = REFUSALS.get(flow.reason());
        Logger log = refusal == null ? RULES : NAMES;
        if (!log.isDebugEnabled()) {
            return;
        }
        String listener = flow.listener();
        log.atDebug().addKeyValue("event", refusal == null ? "rule.conn_closed" : refusal)
            .addKeyValue("rule_id", flow.rule().isEmpty() ? "" : Long.toUnsignedString(flow.ruleId()))
            .addKeyValue("listen_port", Integer.parseInt(listener.substring(listener.lastIndexOf(':') + 1)))
            .addKeyValue("peer", SocketAddresses.text(flow.peer())).addKeyValue("bytes_in", flow.bytesIn())
            .addKeyValue("bytes_out", flow.bytesOut()).addKeyValue("flow_id", flow.id()).addKeyValue("listener", listener)
            .addKeyValue("rule", flow.rule()).addKeyValue("sni", flow.prelude().serverName().orElse(""))
            .addKeyValue("reason", flow.reason().code()).log();
    }
}
