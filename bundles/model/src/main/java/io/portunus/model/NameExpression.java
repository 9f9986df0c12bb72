// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A regular expression over whole names, compiled to the automaton of Glushkov: every letter of the expression is a place, and matching
 * walks all places at once, without going back. A name costs its length times the places, whatever the expression and the name; the JDK's
 * matcher can be kept busy for ever by a name that a client made for it. Immutable.
 */
final class NameExpression {
    /** Most places, after counted repetitions are written out. With names of 253 bytes it bounds a match to about 65,000 steps. */
    static final int MAX_PLACES = 256;

    private static final int ASCII = 128;

    private final int words;
    private final boolean takesNothing;
    private final long[] first;
    private final long[] last;
    private final long[][] follow;
    /** The places that take a character. */
    private final long[][] takers = new long[ASCII][];

    private NameExpression(Places places, Part whole) {
        this.words = (places.classes.size() + Long.SIZE - 1) / Long.SIZE;
        this.takesNothing = whole.nullable;
        this.first = words(whole.first);
        this.last = words(whole.last);
        this.follow = places.follow.stream().map(this::words).toArray(long[][]::new);
        for (int c = 0; c < ASCII; c++) {
            BitSet taking = new BitSet();
            for (int place = 0; place < places.classes.size(); place++) {
                taking.set(place, places.classes.get(place).get(c));
            }
            takers[c] = words(taking);
        }
    }

    /**
     * Compiles an expression.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    static NameExpression compile(String text) {
        Places places = new Places();
        return new NameExpression(places, places.build(new ExpressionParser(text).parse()));
    }

    /** Whether the whole name is one of the expression's. */
    boolean matches(String name) {
        if (name.isEmpty()) {
            return takesNothing;
        }
        long[] now = first;
        long[] next = new long[words];
        long[] spare = new long[words];
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= ASCII || !intersect(now, takers[c], next)) {
                return false;
            }
            if (i == name.length() - 1) {
                return intersect(next, last, spare);
            }
            now = spare;
            step(next, now);
        }
        throw new AssertionError("the last character answers");
    }

    /** Adds up the places that may follow those of a set. */
    private void step(long[] from, long[] into) {
        Arrays.fill(into, 0);
        for (int word = 0; word < words; word++) {
            for (long left = from[word]; left != 0; left &= left - 1) {
                long[] reached = follow[word * Long.SIZE + Long.numberOfTrailingZeros(left)];
                for (int i = 0; i < words; i++) {
                    into[i] |= reached[i];
                }
            }
        }
    }

    private static boolean intersect(long[] one, long[] other, long[] into) {
        long any = 0;
        for (int i = 0; i < into.length; i++) {
            into[i] = one[i] & other[i];
            any |= into[i];
        }
        return any != 0;
    }

    private long[] words(BitSet set) {
        return Arrays.copyOf(set.toLongArray(), words);
    }

    /** Where a piece of the expression may begin and end. */
    private record Part(boolean nullable, BitSet first, BitSet last) {
        Part or(Part other) {
            return new Part(nullable || other.nullable, union(first, other.first), union(last, other.last));
        }

        Part optional() {
            return new Part(true, first, last);
        }

        static BitSet union(BitSet one, BitSet other) {
            BitSet both = (BitSet) one.clone();
            both.or(other);
            return both;
        }
    }

    /** The places while they are numbered. Confined to one thread. */
    private static final class Places {
        final List<BitSet> classes = new ArrayList<>();
        final List<BitSet> follow = new ArrayList<>();

        Part build(ExpressionParser.Node node) {
            return switch (node) {
                case ExpressionParser.Letter letter -> letter(letter.taken());
                case ExpressionParser.Sequence sequence ->
                    sequence.nodes().stream().map(this::build).reduce(this::then).orElseThrow();
                case ExpressionParser.Choice choice -> choice.nodes().stream().map(this::build).reduce(Part::or).orElseThrow();
                case ExpressionParser.Repeat repeat -> repeated(repeat);
            };
        }

        private Part letter(BitSet taken) {
            if (classes.size() == MAX_PLACES) {
                throw new IllegalArgumentException("the expression has more than " + MAX_PLACES
                    + " characters once its counted repetitions are written out");
            }
            BitSet own = new BitSet();
            own.set(classes.size());
            classes.add(taken);
            follow.add(new BitSet());
            return new Part(false, own, own);
        }

        private Part then(Part one, Part other) {
            one.last.stream().forEach(place -> follow.get(place).or(other.first));
            return new Part(one.nullable && other.nullable, one.nullable ? Part.union(one.first, other.first) : one.first,
                other.nullable ? Part.union(one.last, other.last) : other.last);
        }

        /** Each copy has a letter at least, so the bound on places ends this early. */
        private Part repeated(ExpressionParser.Repeat repeat) {
            boolean unbounded = repeat.max() == ExpressionParser.UNBOUNDED;
            int copies = unbounded ? Math.max(1, repeat.min()) : repeat.max();
            Part whole = copy(repeat, 0, unbounded && copies == 1);
            for (int i = 1; i < copies; i++) {
                whole = then(whole, copy(repeat, i, unbounded && i == copies - 1));
            }
            return whole;
        }

        private Part copy(ExpressionParser.Repeat repeat, int place, boolean loops) {
            Part one = build(repeat.node());
            if (loops) {
                then(one, one);
            }
            return place < repeat.min() ? one : one.optional();
        }
    }
}
