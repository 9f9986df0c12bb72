// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.view;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the screen is about: the last snapshot, its history, and what the keys have chosen. Confined to the screen's thread. */
final class Board {
    /** Longest filter. */
    static final int MAX_FILTER = 64;
    private static final int PAGE = 10;

    private final Map<BigInteger, History> histories = new HashMap<>();
    private Optional<Message.Hello> hello = Optional.empty();
    private Optional<Message.Snapshot> snapshot = Optional.empty();
    private Optional<String> lost = Optional.empty();
    private Tab tab = Tab.OVERVIEW;
    private Sort sort = Sort.NAME;
    private boolean reversed;
    private boolean paused;
    private boolean help;
    private boolean totals;
    private boolean typing;
    private String filter = "";
    /** The rule under the cursor; it stays when the order changes. */
    private BigInteger selected = BigInteger.ONE.negate();

    /** What is shown. */
    enum Tab {
        /** A line for each rule. */
        OVERVIEW("Overview"),
        /** One rule with its targets. */
        DETAIL("Detail"),
        /** What went wrong. */
        ERRORS("Errors");

        private final String title;

        Tab(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /** By what the rules are sorted; names from A on, numbers from the greatest on. */
    enum Sort {
        NAME("name"), CONNECTIONS("conns"), TOTAL("total"), IN("in"), OUT("out"), FAILOVERS("failovers"), ERRORS("errors");

        private final String text;

        Sort(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /**
     * A rule with what is known of it.
     *
     * @param history what it moved lately
     */
    record Row(Message.Rule rule, Message.Counts counts, History history) {
        long errors() {
            return counts.errors().values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Takes a line of the daemon; while paused, snapshots are thrown away, and the first one afterwards gives the mean of the time between. */
    void take(Message message) {
        lost = Optional.empty();
        switch (message) {
            case Message.Hello next -> {
                hello = Optional.of(next);
                histories.keySet().retainAll(next.rules().stream().map(Message.Rule::id).collect(Collectors.toSet()));
            }
            case Message.Snapshot next -> {
                if (!paused || snapshot.isEmpty()) {
                    advance(next);
                }
            }
        }
    }

    private void advance(Message.Snapshot next) {
        snapshot.ifPresent(before -> next.counts().forEach((id, counts) -> Optional.ofNullable(before.counts().get(id)).ifPresent(earlier ->
            histories.computeIfAbsent(id, rule -> new History())
                .add(before.atMillis(), next.atMillis(), counts.in() - earlier.in(), counts.out() - earlier.out()))));
        snapshot = Optional.of(next);
    }

    /** The daemon has gone; what was shown stays. */
    void lost(String reason) {
        lost = Optional.of(reason);
    }

    /** Takes a key; false if it is the last one. */
    boolean press(Key key) {
        if (key.kind() == Key.Kind.INTERRUPT || key.kind() == Key.Kind.GONE) {
            return false;
        }
        if (typing) {
            type(key);
            return true;
        }
        if (help) {
            // Any key but the one that ends everything leaves the help.
            help = false;
            return key.character() != 'q';
        }
        return key.kind() == Key.Kind.CHARACTER ? command(key.character()) : move(key.kind());
    }

    private boolean command(int character) {
        switch (character) {
            case 'q' -> {
                return false;
            }
            case '?' -> help = true;
            case 'p' -> paused = !paused;
            case 's' -> sort = beside(List.of(Sort.values()), sort, 1);
            case 'r' -> reversed = !reversed;
            case 'c' -> totals = !totals;
            case '/' -> typing = true;
            case 'j' -> select(1);
            case 'k' -> select(-1);
            case 'h' -> turn(-1);
            case 'l' -> turn(1);
            default -> {
                return true;
            }
        }
        return true;
    }

    private boolean move(Key.Kind kind) {
        switch (kind) {
            case UP -> select(-1);
            case DOWN -> select(1);
            case PAGE_UP -> select(-PAGE);
            case PAGE_DOWN -> select(PAGE);
            case HOME -> select(-Integer.MAX_VALUE);
            case END -> select(Integer.MAX_VALUE);
            case LEFT, BACK_TAB -> turn(-1);
            case RIGHT, TAB -> turn(1);
            case ENTER -> tab = Tab.DETAIL;
            case ESCAPE -> back();
            default -> {
                return true;
            }
        }
        return true;
    }

    private void back() {
        if (tab == Tab.OVERVIEW) {
            filter = "";
        } else {
            tab = Tab.OVERVIEW;
        }
    }

    private void type(Key key) {
        switch (key.kind()) {
            case ENTER -> typing = false;
            case ESCAPE -> {
                typing = false;
                filter = "";
            }
            case BACKSPACE -> filter = filter.isEmpty() ? "" : filter.substring(0, filter.offsetByCodePoints(filter.length(), -1));
            case CHARACTER -> filter = filter.length() < MAX_FILTER ? filter + Text.clean(Character.toString(key.character())) : filter;
            default -> typing = true;
        }
    }

    private void turn(int by) {
        tab = beside(List.of(Tab.values()), tab, by);
    }

    private static <T> T beside(List<T> all, T one, int by) {
        return all.get(Math.floorMod(all.indexOf(one) + by, all.size()));
    }

    private void select(int by) {
        List<Row> rows = rows();
        if (!rows.isEmpty()) {
            selected = rows.get(Math.clamp((long) index(rows) + by, 0, rows.size() - 1)).rule().id();
        }
    }

    /** The rules that the filter leaves, in order. */
    List<Row> rows() {
        Map<BigInteger, Message.Counts> counts = snapshot.map(Message.Snapshot::counts).orElse(Map.of());
        List<Row> rows = new ArrayList<>();
        for (Message.Rule rule : hello.map(Message.Hello::rules).orElse(List.of())) {
            if (wanted(rule)) {
                rows.add(new Row(rule, counts.getOrDefault(rule.id(), Message.Counts.NONE),
                    histories.computeIfAbsent(rule.id(), id -> new History())));
            }
        }
        Comparator<Row> order = order().thenComparing(row -> row.rule().name());
        rows.sort(reversed ? order.reversed() : order);
        return rows;
    }

    private boolean wanted(Message.Rule rule) {
        String text = (rule.name() + " " + rule.listen() + " " + rule.match() + " " + rule.targets()).toLowerCase(Locale.ROOT);
        return text.contains(filter.toLowerCase(Locale.ROOT));
    }

    private Comparator<Row> order() {
        return switch (sort) {
            case NAME -> Comparator.comparing(row -> row.rule().name());
            case CONNECTIONS -> Comparator.comparingLong(row -> -row.counts().active());
            case TOTAL -> Comparator.comparingLong(row -> -row.counts().total());
            case IN -> Comparator.comparingLong(row -> -(totals ? row.counts().in() : row.history().rateIn()));
            case OUT -> Comparator.comparingLong(row -> -(totals ? row.counts().out() : row.history().rateOut()));
            case FAILOVERS -> Comparator.comparingLong(row -> -row.counts().failovers());
            case ERRORS -> Comparator.comparingLong(row -> -row.errors());
        };
    }

    /** Place of the cursor; the first row if its rule is not among them. */
    int index(List<Row> rows) {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).rule().id().equals(selected)) {
                return i;
            }
        }
        return 0;
    }

    Optional<Message.Hello> hello() {
        return hello;
    }

    Optional<Message.Snapshot> snapshot() {
        return snapshot;
    }

    Optional<String> lost() {
        return lost;
    }

    Tab tab() {
        return tab;
    }

    Sort sort() {
        return sort;
    }

    boolean reversed() {
        return reversed;
    }

    boolean paused() {
        return paused;
    }

    boolean help() {
        return help;
    }

    /** Whether IN and OUT are sums since the start, and not rates. */
    boolean totals() {
        return totals;
    }

    /** Whether the filter is being typed. */
    boolean typing() {
        return typing;
    }

    String filter() {
        return filter;
    }
}
