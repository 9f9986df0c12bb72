// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Reads a regular expression over names: letters, {@code .}, {@code [a-z]}, {@code [^.]}, {@code \.}, {@code \d}, {@code \w},
 * {@code ( )}, {@code |}, {@code ? * +} and {@code {n,m}}. The expression is always about the whole name, so {@code ^} in front and
 * {@code $} at the end say nothing and may be written. Captures, look-around and back references have no meaning here and are refused.
 * Upper case counts as lower case. Confined to one thread.
 */
final class ExpressionParser {
    /** Longest expression, in characters. It bounds the depth of groups too. */
    static final int MAX_LENGTH = 200;
    /** In place of a greatest count: none. */
    static final int UNBOUNDED = -1;

    private static final int ASCII = 128;
    private static final String SPECIAL = "\\.[](){}|?*+^$";

    private final String text;
    private final int end;
    private int at;

    ExpressionParser(String text) {
        this.text = text;
        boolean escaped = text.endsWith("\\$");
        this.end = text.endsWith("$") && !escaped ? text.length() - 1 : text.length();
        this.at = text.startsWith("^") ? 1 : 0;
    }

    /** A piece of an expression. */
    sealed interface Node {
    }

    /** One character out of a set. */
    record Letter(BitSet taken) implements Node {
    }

    /** One after the other, at least one. */
    record Sequence(List<Node> nodes) implements Node {
    }

    /** One of them. */
    record Choice(List<Node> nodes) implements Node {
    }

    /** Again and again, at least {@code min} times, at most {@code max} times or {@link #UNBOUNDED}. */
    record Repeat(Node node, int min, int max) implements Node {
    }

    /**
     * Reads it all.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    Node parse() {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("an expression has at most " + MAX_LENGTH + " characters, this one has " + text.length());
        }
        if (!text.chars().allMatch(c -> c > ' ' && c < ASCII - 1)) {
            throw bad("has a blank or a character that is not ASCII; names are compared as A-labels (xn--...)");
        }
        Node whole = choice();
        if (at < end) {
            throw bad("has a ')' without its '('");
        }
        return whole;
    }

    private Node choice() {
        List<Node> nodes = new ArrayList<>(List.of(sequence()));
        while (at < end && text.charAt(at) == '|') {
            at++;
            nodes.add(sequence());
        }
        return nodes.size() == 1 ? nodes.getFirst() : new Choice(nodes);
    }

    private Node sequence() {
        List<Node> nodes = new ArrayList<>();
        while (at < end && text.charAt(at) != '|' && text.charAt(at) != ')') {
            nodes.add(repeated(atom()));
        }
        if (nodes.isEmpty()) {
            throw bad("is empty, or has an empty group or an empty alternative; write '( )?' for what may be missing");
        }
        return nodes.size() == 1 ? nodes.getFirst() : new Sequence(nodes);
    }

    private Node repeated(Node node) {
        if (at == end || "?*+{".indexOf(text.charAt(at)) < 0) {
            return node;
        }
        Node result = switch (text.charAt(at++)) {
            case '?' -> new Repeat(node, 0, 1);
            case '*' -> new Repeat(node, 0, UNBOUNDED);
            case '+' -> new Repeat(node, 1, UNBOUNDED);
            default -> counted(node);
        };
        if (at < end && "?*+{".indexOf(text.charAt(at)) >= 0) {
            throw bad("repeats a repetition; lazy and possessive ones have no meaning for whole names");
        }
        return result;
    }

    private Node counted(Node node) {
        int close = text.indexOf('}', at);
        String counts = close < 0 || close >= end ? "" : text.substring(at, close);
        if (!counts.matches("[0-9]{1,3}(,[0-9]{0,3})?")) {
            throw bad("has a '{' that is no count; write {3}, {1,3} or {2,}");
        }
        at = close + 1;
        int comma = counts.indexOf(',');
        int min = Integer.parseInt(comma < 0 ? counts : counts.substring(0, comma));
        String most = counts.substring(comma + 1);
        int max = most.isEmpty() ? UNBOUNDED : Integer.parseInt(most);
        if (max == 0 || max > 0 && max < min) {
            throw bad("has a count {" + counts + "} that takes nothing");
        }
        return new Repeat(node, min, max);
    }

    private Node atom() {
        char c = text.charAt(at++);
        return switch (c) {
            case '(' -> group();
            case '[' -> new Letter(characterClass());
            case '.' -> new Letter(not(new BitSet()));
            case '\\' -> new Letter(escape());
            case '*', '+', '?', '{' -> throw bad("repeats nothing: '" + c + "' needs something in front");
            case '^', '$' -> throw bad("has a '" + c + "' inside; it is about the whole name anyway");
            case ']', '}' -> throw bad("has a '" + c + "' without its beginning");
            default -> new Letter(one(c));
        };
    }

    private Node group() {
        if (text.startsWith("?:", at)) {
            at += 2;
        } else if (text.startsWith("?", at)) {
            throw bad("has a '(?' that is not '(?:'; look-around, names and flags of groups are not supported");
        }
        Node inside = choice();
        if (at >= end || text.charAt(at) != ')') {
            throw bad("has a '(' without its ')'");
        }
        at++;
        return inside;
    }

    private BitSet characterClass() {
        boolean negated = text.startsWith("^", at);
        at += negated ? 1 : 0;
        BitSet taken = new BitSet(ASCII);
        while (at < end && text.charAt(at) != ']') {
            char c = text.charAt(at++);
            if (c == '\\') {
                taken.or(escape());
            } else if (c == '[' || c == '&') {
                throw bad("has a '" + c + "' in a class; classes in classes are not supported");
            } else if (at + 1 < end && text.charAt(at) == '-' && text.charAt(at + 1) != ']') {
                range(c, text.charAt(at + 1), taken);
                at += 2;
            } else {
                taken.or(one(c));
            }
        }
        if (at >= end || taken.isEmpty()) {
            throw bad("has a '[' without its ']', or an empty class");
        }
        at++;
        return negated ? not(taken) : taken;
    }

    private void range(char first, char last, BitSet into) {
        if (last < first || !Character.isLetterOrDigit(first) || !Character.isLetterOrDigit(last)) {
            throw bad("has a range " + first + "-" + last + " in a class that is none of letters or digits");
        }
        for (char c = first; c <= last; c++) {
            into.or(one(c));
        }
    }

    private BitSet escape() {
        char c = at < end ? text.charAt(at++) : 0;
        BitSet taken = new BitSet(ASCII);
        if (c == 'd' || c == 'w') {
            taken.set('0', '9' + 1);
        }
        if (c == 'w') {
            taken.set('a', 'z' + 1);
            taken.set('_');
        }
        if (SPECIAL.indexOf(c) >= 0 || c == '-') {
            taken.set(c);
        }
        if (taken.isEmpty()) {
            throw bad("has a '\\' before something else than " + SPECIAL + "-, d or w; back references are not supported");
        }
        return taken;
    }

    private static BitSet one(char c) {
        BitSet taken = new BitSet(ASCII);
        taken.set(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        return taken;
    }

    private static BitSet not(BitSet taken) {
        BitSet rest = (BitSet) taken.clone();
        rest.flip(0, ASCII);
        return rest;
    }

    private IllegalArgumentException bad(String flaw) {
        return new IllegalArgumentException("the expression '" + text + "' " + flaw);
    }
}
