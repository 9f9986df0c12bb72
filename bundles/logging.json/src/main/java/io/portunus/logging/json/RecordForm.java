// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.RecordField;
import io.portunus.model.Protocol;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Writes ended flows as one JSON object a line; what was not reached or not known is null. Immutable. */
final class RecordForm {
    private static final String PREFIX = "io.portunus.";
    private static final byte[] TRUE = "true".getBytes(US_ASCII);
    private static final byte[] FALSE = "false".getBytes(US_ASCII);
    private static final byte[] END = "}\n".getBytes(US_ASCII);

    private final RecordField[] fields;
    /** What stands in front of each value. */
    private final byte[][] names;
    /** How many of them each flow has; of the others those that mean something to it. */
    private final int ofAll;

    /** A form with these fields, at least one. */
    RecordForm(List<RecordField> chosen) {
        this(chosen, chosen.size());
    }

    private RecordForm(List<RecordField> chosen, int ofAll) {
        this.ofAll = ofAll;
        fields = chosen.toArray(RecordField[]::new);
        names = new byte[fields.length][];
        for (int i = 0; i < fields.length; i++) {
            names[i] = ((i == 0 ? "{" : ",") + "\"" + fields[i].code() + "\":").getBytes(US_ASCII);
        }
    }

    /** The form with every field that a flow of its protocol, and of its rule, has; those that only some have are the last. */
    static RecordForm whole() {
        List<RecordField> all = List.of(RecordField.values());
        return new RecordForm(all, all.indexOf(RecordField.HELD_BACK_IN_MS));
    }

    /** Writes the line with its newline in place of what the buffer has. */
    void write(FlowRecord flow, RecordLine line) {
        line.clear();
        for (int i = 0; i < fields.length; i++) {
            if (i < ofAll || has(flow, fields[i])) {
                line.raw(names[i]);
                value(i, flow, line);
            }
        }
        line.raw(END);
    }

    /** Whether a field that only some flows have means something to this one. */
    private static boolean has(FlowRecord flow, RecordField field) {
        return switch (field) {
            case HELD_BACK_IN_MS -> flow.heldBackInNanos() != FlowRecord.NOT_REACHED;
            case HELD_BACK_OUT_MS -> flow.heldBackOutNanos() != FlowRecord.NOT_REACHED;
            default -> flow.protocol() != Protocol.TCP;
        };
    }

    private void value(int place, FlowRecord flow, RecordLine line) {
        switch (fields[place]) {
            case TIMESTAMP -> line.timestamp(flow.openedAt(), flow.totalNanos());
            case FLOW_ID -> line.number(flow.id());
            case LISTENER -> same(line, place, flow.listener(), RecordLine::string);
            case PEER -> line.address(flow.peer());
            case VIA -> address(line, flow.via());
            case RULE -> same(line, place, flow.rule(), RecordLine::string);
            case RULE_ID -> ruleId(flow, line);
            case SNI -> line.string(flow.prelude().serverName().orElse(""));
            case TARGET -> target(line, place, flow.targets());
            case ENDPOINT -> address(line, flow.endpoint());
            case BYTES_IN -> line.number(flow.bytesIn());
            case BYTES_OUT -> line.number(flow.bytesOut());
            case PEEK_MS -> millis(line, flow.peekNanos());
            case CONNECT_MS -> millis(line, flow.connectNanos());
            case FIRST_BYTE_MS -> millis(line, flow.firstByteNanos());
            case TOTAL_MS -> line.millis(flow.totalNanos());
            case CLOSE_REASON -> same(line, place, flow.reason().code(), RecordLine::string);
            case CLOSED_BY -> same(line, place, flow.reason().by().code(), RecordLine::string);
            case HANDLERS -> same(line, place, flow.handlers(), RecordForm::handlers);
            case KIND -> same(line, place, flow.prelude().kind(), RecordLine::string);
            case HELD_BACK_IN_MS -> millis(line, flow.heldBackInNanos());
            case HELD_BACK_OUT_MS -> millis(line, flow.heldBackOutNanos());
            case DATAGRAMS_IN -> line.number(flow.datagramsIn());
            case DATAGRAMS_OUT -> line.number(flow.datagramsOut());
            case ECH -> line.raw(flow.prelude().echOffered() ? TRUE : FALSE);
        }
    }

    /** Writes what flows in a row have in common: of the very object that the line before had, its bytes once more. */
    private static <T> void same(RecordLine line, int place, T value, BiConsumer<RecordLine, T> writer) {
        if (!line.again(place, value)) {
            int from = line.length();
            writer.accept(line, value);
            line.keep(place, value, from);
        }
    }

    /** The list is made for the record, the one target that took the connection is the rule's. */
    private static void target(RecordLine line, int place, List<Target> targets) {
        if (targets.size() == 1) {
            same(line, place, targets.getFirst(), RecordLine::target);
        } else {
            line.targets(targets);
        }
    }

    private static void ruleId(FlowRecord flow, RecordLine line) {
        if (flow.rule().isEmpty()) {
            line.nothing();
        } else {
            line.unsigned(flow.ruleId());
        }
    }

    private static void address(RecordLine line, Optional<InetSocketAddress> address) {
        if (address.isPresent()) {
            line.address(address.get());
        } else {
            line.nothing();
        }
    }

    private static void millis(RecordLine line, long nanos) {
        if (nanos == FlowRecord.NOT_REACHED) {
            line.nothing();
        } else {
            line.millis(nanos);
        }
    }

    /** Versions by symbolic name, ours without the prefix that all of them have. */
    private static void handlers(RecordLine line, List<FlowRecord.Carrier> handlers) {
        line.raw('{');
        for (int i = 0; i < handlers.size(); i++) {
            FlowRecord.Carrier each = handlers.get(i);
            if (i > 0) {
                line.raw(',');
            }
            line.quoted(each.bundle(), each.bundle().startsWith(PREFIX) ? PREFIX.length() : 0);
            line.raw(':');
            line.quoted(each.version(), 0);
        }
        line.raw('}');
    }
}
