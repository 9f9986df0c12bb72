// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.view;

import io.portunus.stats.view.Board.Row;
import io.portunus.stats.view.Board.Tab;
import io.portunus.stats.view.Screen.Line;
import io.portunus.stats.view.Screen.Look;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Draws a board: lines that follow from it alone. Stateless. */
final class Painter {
    static final int LEAST_WIDTH = 60;
    static final int LEAST_HEIGHT = 8;
    /** Columns of the overview after the targets: conns, total, in, out, failovers, with a blank before each. */
    private static final int NUMBERS_WIDTH = 48;
    private static final int SPARK_WIDTH = 20;
    private static final int WIDTH_WITH_SPARKS = 108;
    private static final int MOST_NAME = 28;
    private static final int TARGET_WIDTH = 34;
    private static final List<String> HELP = List.of(
        "q, Ctrl-C     end                        ?             this help, any key leaves it",
        "Tab, l, right next page                  h, left       page before",
        "j, down       next rule                  k, up         rule before",
        "Enter         the rule's details         Esc           back; in the overview: no filter",
        "s             sort by the next column    r             reverse the order",
        "c             IN and OUT as sums since the start, or as rates",
        "/             show only rules with a text in name, port or target; Enter keeps it, Esc drops it",
        "p             pause: nothing moves until p is pressed again",
        "",
        "UP tells how many of a rule's targets get new connections, as the node sees them; ?: it does not say.",
        "conns: connections open now. total: since the start. fail: changes of targets between healthy and failed.");

    private final boolean unicode;

    Painter(boolean unicode) {
        this.unicode = unicode;
    }

    List<Line> draw(Board board, int width, int height) {
        if (width < LEAST_WIDTH || height < LEAST_HEIGHT) {
            return tooSmall(width, height);
        }
        Screen screen = new Screen(width, height);
        screen.add(Look.TITLE, title(board));
        screen.add(tabs(board));
        if (board.help()) {
            HELP.forEach(screen::add);
        } else if (board.hello().isEmpty() || board.snapshot().isEmpty()) {
            screen.add("Waiting for the first snapshot.");
        } else {
            switch (board.tab()) {
                case OVERVIEW -> overview(screen, board);
                case DETAIL -> detail(screen, board);
                case ERRORS -> errors(screen, board);
            }
        }
        return last(screen, board);
    }

    private static List<Line> tooSmall(int width, int height) {
        Screen screen = new Screen(Math.max(1, width), Math.max(1, height));
        String sentence = "Too small: " + width + "x" + height + ", needs " + LEAST_WIDTH + "x" + LEAST_HEIGHT + ".";
        return screen.with(Look.WARNING, sentence);
    }

    private static String title(Board board) {
        String version = board.hello().map(Message.Hello::version).orElse("");
        String refresh = board.hello().map(hello -> "  every " + hello.refreshMillis() + " ms").orElse("");
        String process = board.snapshot().map(snapshot -> "  up " + Text.duration(snapshot.uptimeMillis()) + "  files "
            + snapshot.filesOpen() + "/" + snapshot.filesLimit() + "  memory " + Text.bytes(snapshot.memoryBytes())).orElse("");
        return " portunus-standalone " + version + (board.paused() ? "  PAUSED" : "") + process + refresh;
    }

    private static String tabs(Board board) {
        String tabs = Arrays.stream(Tab.values()).map(tab -> tab == board.tab() ? "[" + tab.title() + "]" : " " + tab.title() + " ")
            .collect(Collectors.joining(" "));
        String filter = board.filter().isEmpty() ? "" : "  filter: " + board.filter();
        return tabs + "   sort: " + board.sort().text() + (board.reversed() ? " reversed" : "") + filter;
    }

    private static List<Line> last(Screen screen, Board board) {
        if (board.typing()) {
            return screen.with(Look.HEAD, "/" + board.filter() + "_");
        }
        if (board.lost().isPresent()) {
            return screen.with(Look.WARNING, "No connection, trying again every second: " + board.lost().get());
        }
        return screen.with(Look.PLAIN, "q end  ? help  Tab page  Enter detail  s sort  r reverse  c sums/rates  / filter  p pause");
    }

    private void overview(Screen screen, Board board) {
        List<Row> rows = board.rows();
        if (rows.isEmpty()) {
            screen.add(board.filter().isEmpty() ? "There are no rules." : "No rule has '" + board.filter() + "'; Esc drops the filter.");
            return;
        }
        boolean sparks = screen.width() >= WIDTH_WITH_SPARKS;
        int rest = screen.width() - NUMBERS_WIDTH - (sparks ? SPARK_WIDTH + 1 : 0) - 6;
        int name = Math.clamp(rest / 2 + 1, 6, MOST_NAME);
        int listen = Math.max(0, rest - name - 1);
        String units = board.totals() ? "" : "/s";
        screen.add(Look.HEAD, Text.left("RULE", name) + " " + Text.left("LISTEN", listen) + Text.right("UP", 6)
            + numbers("CONNS", "TOTAL", "IN" + units, "OUT" + units, "FAIL") + (sparks ? " LAST " + SPARK_WIDTH + " s" : ""));
        int cursor = board.index(rows);
        int from = Math.max(0, cursor - screen.room() + 1);
        for (int i = from; i < rows.size() && screen.room() > 0; i++) {
            Row row = rows.get(i);
            screen.add(i == cursor ? Look.CURSOR : Look.PLAIN, Text.left(row.rule().name(), name) + " " + Text.left(row.rule().listen(), listen)
                + Text.right(up(row), 6) + numbers(row, board.totals())
                + (sparks ? " " + Text.spark(row.history().both(), SPARK_WIDTH, unicode) : ""));
        }
    }

    private static String up(Row row) {
        if (!row.rule().enabled()) {
            return "off";
        }
        List<Message.State> states = row.counts().states();
        boolean known = states.stream().anyMatch(Message.State::known);
        return known ? states.stream().filter(Message.State::up).count() + "/" + row.rule().targets().size() : "?";
    }

    private static String numbers(Row row, boolean totals) {
        Message.Counts counts = row.counts();
        return numbers(String.valueOf(counts.active()), String.valueOf(counts.total()),
            Text.bytes(totals ? counts.in() : row.history().rateIn()), Text.bytes(totals ? counts.out() : row.history().rateOut()),
            String.valueOf(counts.failovers()));
    }

    private static String numbers(String... cells) {
        return String.format(Locale.ROOT, " %7s %9s %11s %11s %5s", (Object[]) cells);
    }

    private void detail(Screen screen, Board board) {
        List<Row> rows = board.rows();
        if (rows.isEmpty()) {
            screen.add("No rule is selected.");
            return;
        }
        Row row = rows.get(board.index(rows));
        Message.Rule rule = row.rule();
        Message.Counts counts = row.counts();
        screen.add(Look.HEAD, "RULE " + rule.name() + "  id " + rule.id() + (rule.enabled() ? "" : "  (not enabled)"));
        screen.add("listens   " + rule.protocol() + " " + rule.listen() + (rule.match().isEmpty() ? "" : "  for " + rule.match()));
        screen.add("conns     " + counts.active() + " open, " + counts.total() + " since the start, " + counts.failovers()
            + " failovers, " + row.errors() + " errors");
        screen.add("in        " + Text.right(Text.bytes(row.history().rateIn()) + "/s", 14) + "  sum " + Text.right(Text.bytes(counts.in()), 10)
            + "  " + Text.spark(row.history().in(), sparkWidth(screen), unicode));
        screen.add("out       " + Text.right(Text.bytes(row.history().rateOut()) + "/s", 14) + "  sum " + Text.right(Text.bytes(counts.out()), 10)
            + "  " + Text.spark(row.history().out(), sparkWidth(screen), unicode));
        screen.add(Look.HEAD, Text.left("TARGET", TARGET_WIDTH) + Text.right("PRIO", 6) + Text.right("WEIGHT", 8) + "  STATE");
        List<Line> lines = new ArrayList<>();
        for (int place = 0; place < rule.targets().size(); place++) {
            lines.add(target(rule.targets().get(place), counts.state(place)));
        }
        addAll(screen, lines);
    }

    private static Line target(Message.Target target, Message.State state) {
        return new Line(Text.left(target.toString(), TARGET_WIDTH) + Text.right(String.valueOf(target.priority()), 6)
            + Text.right(String.valueOf(target.weight()), 8) + "  " + state, state.failed() ? Look.WARNING : Look.PLAIN);
    }

    /** As many as there is room for, and how many there is none for. */
    private static void addAll(Screen screen, List<Line> lines) {
        int fit = lines.size() <= screen.room() ? lines.size() : Math.max(0, screen.room() - 1);
        lines.subList(0, fit).forEach(line -> screen.add(line.look(), line.text()));
        if (fit < lines.size()) {
            screen.add("... and " + (lines.size() - fit) + " more");
        }
    }

    /** What is left beside label, rate and sum. */
    private static int sparkWidth(Screen screen) {
        return Math.clamp(screen.width() - 42L, 0, History.SECONDS);
    }

    private static void errors(Screen screen, Board board) {
        screen.add(Look.HEAD, Text.left("RULE", MOST_NAME) + " " + Text.left("ERROR", 26) + Text.right("COUNT", 12));
        List<Line> lines = board.rows().stream().flatMap(row -> row.counts().errors().entrySet().stream()
            .filter(error -> error.getValue() != 0)
            .map(error -> new Line(Text.left(row.rule().name(), MOST_NAME) + " " + Text.left(error.getKey(), 26)
                + Text.right(String.valueOf(error.getValue()), 12), Look.PLAIN))).toList();
        if (lines.isEmpty()) {
            screen.add("Nothing went wrong.");
        }
        addAll(screen, lines);
    }
}
