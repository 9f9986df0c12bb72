// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values by key in one flat array, so that a copy with a few changes costs little more than copying the array: open addressing with linear
 * probing, at most half full. Immutable. What it cannot do is shrink; whoever makes a table anew gets one that fits.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
final class Index<K, V> extends AbstractMap<K, V> {
    private static final int LEAST_PLACES = 4;
    /** 2^32 divided by the golden ratio: names that differ in their last characters only have hash codes that follow each other. */
    private static final int SPREAD = 0x9E3779B9;

    /** Key and value in turn. */
    private final @Nullable Object[] slots;
    private final int shift;
    private int size;

    private Index(@Nullable Object[] slots, int size) {
        this.slots = slots;
        this.shift = Integer.numberOfLeadingZeros(slots.length / 2 - 1);
        this.size = size;
    }

    /** The same entries. */
    static <K, V> Index<K, V> of(Map<K, V> entries) {
        Index<K, V> index = new Index<>(room(entries.size(), LEAST_PLACES), 0);
        entries.forEach(index::set);
        return index;
    }

    private static @Nullable Object[] room(int entries, int least) {
        int places = least;
        while (places < 2 * entries) {
            places *= 2;
        }
        return new Object[2 * places];
    }

    /** A copy with other values for these keys; without those that have none. */
    Index<K, V> with(Map<K, Optional<V>> changes) {
        int most = size + changes.size();
        Index<K, V> copy = 4 * most <= slots.length ? new Index<>(slots.clone(), size) : grown(most);
        changes.forEach((key, value) -> value.ifPresentOrElse(its -> copy.set(key, its), () -> copy.drop(key)));
        return copy;
    }

    private Index<K, V> grown(int most) {
        Index<K, V> copy = new Index<>(room(most, slots.length / 2), 0);
        forEach(copy::set);
        return copy;
    }

    /** Where a key begins to be looked for. */
    private int home(Object key) {
        return (key.hashCode() * SPREAD >>> shift) * 2;
    }

    /** Where a key is; else, negated bit by bit, where it would be. */
    private int find(Object key) {
        int at = home(key);
        for (Object its = slots[at]; its != null; its = slots[at]) {
            if (its.equals(key)) {
                return at;
            }
            at = at + 2 & slots.length - 1;
        }
        return ~at;
    }

    /** Only while it is made. */
    private void set(K key, V value) {
        int at = find(key);
        if (at < 0) {
            at = ~at;
            slots[at] = key;
            size++;
        }
        slots[at + 1] = value;
    }

    /** Only while it is made. Those behind move up, or they would not be found past the hole. */
    private void drop(K key) {
        int hole = find(key);
        if (hole < 0) {
            return;
        }
        size--;
        int last = slots.length - 1;
        int at = hole + 2 & last;
        for (Object its = slots[at]; its != null; its = slots[at]) {
            if ((at - home(its) & last) >= (at - hole & last)) {
                slots[hole] = its;
                slots[hole + 1] = slots[at + 1];
                hole = at;
            }
            at = at + 2 & last;
        }
        slots[hole] = null;
        slots[hole + 1] = null;
    }

    @Override
    public @Nullable V get(Object key) {
        return value(find(key));
    }

    @Override
    public V getOrDefault(Object key, V otherwise) {
        V its = value(find(key));
        return its == null ? otherwise : its;
    }

    @Override
    public boolean containsKey(Object key) {
        return find(key) >= 0;
    }

    /** Only values of the type were put there, each beside its key. */
    @SuppressWarnings("unchecked")
    private @Nullable V value(int at) {
        return at < 0 ? null : (V) slots[at + 1];
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<K, V>> iterator() {
                return new Entries();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    /** In no particular order. */
    private final class Entries implements Iterator<Entry<K, V>> {
        private int at;

        @Override
        public boolean hasNext() {
            while (at < slots.length && slots[at] == null) {
                at += 2;
            }
            return at < slots.length;
        }

        @Override
        @SuppressWarnings("unchecked")
        public Entry<K, V> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            at += 2;
            return Map.entry((K) slots[at - 2], (V) slots[at - 1]);
        }
    }
}
