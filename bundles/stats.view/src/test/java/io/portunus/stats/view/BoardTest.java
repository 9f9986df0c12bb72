// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BoardTest {
    private final Board board = new Board();
    private final Painter painter = new Painter(false);

    @BeforeEach
    void takeTwoSnapshots() {
        board.take(Lines.parsed(Lines.HELLO));
        board.take(Lines.parsed(Lines.snapshot(100_000, 1024)));
        board.take(Lines.parsed(Lines.snapshot(102_000, 1024 + 2 * 2048)));
    }

    private List<String> screen(int width, int height) {
        return painter.draw(board, width, height).stream().map(Screen.Line::text).toList();
    }

    private String text() {
        return screen(110, 24).stream().map(String::stripTrailing).collect(Collectors.joining("\n"));
    }

    private void press(String keys) {
        keys.chars().forEach(c -> assertThat(board.press(Key.of((char) c))).isTrue());
    }

    private void press(Key.Kind kind) {
        assertThat(board.press(Key.of(kind))).isTrue();
    }

    private List<String> names() {
        return board.rows().stream().map(row -> row.rule().name()).toList();
    }

    @Test
    void overviewHasALineForEachRule() {
        assertThat(screen(110, 24)).hasSize(24).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(110));
        assertThat(text()).startsWith("""
             portunus-standalone 1.2.3  up 1h 2m  files 34/1024  memory 120 MiB  every 1000 ms
            [Overview]  Detail   Errors    sort: name
            RULE               LISTEN              UP   CONNS     TOTAL        IN/s       OUT/s  FAIL LAST 20 s
            mail               *:25                 ?       9        11         0 B         0 B     0 ....................
            web                *:80,*:8000-8001   1/2       3        40     2.0 KiB     4.0 KiB     2 ...................#
            """);
        assertThat(text()).endsWith("q end  ? help  Tab page  Enter detail  s sort  r reverse  c sums/rates  / filter  p pause");
    }

    @Test
    void narrowScreensLeaveTheHistoryOut() {
        assertThat(screen(60, 8)).hasSize(8).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(60));
        assertThat(String.join("\n", screen(60, 8))).contains("web").doesNotContain("LAST");
    }

    @Test
    void aTerminalThatIsTooSmallIsReported() {
        assertThat(screen(59, 24).getLast()).isEqualTo("Too small: 59x24, needs 60x8.");
        assertThat(screen(200, 7).getLast()).startsWith("Too small: 200x7");
        assertThat(screen(0, 0)).hasSize(1);
    }

    @Test
    void detailHasTargetsAsTheNodeSeesThem() {
        press("j");
        press(Key.Kind.ENTER);

        assertThat(text()).contains("RULE web  id 18446744073709551614", "listens   tcp *:80,*:8000-8001  for tls *.example.com",
            "conns     3 open, 40 since the start, 2 failovers, 5 errors",
            "in             2.0 KiB/s  sum    5.0 KiB  ",
            "192.0.2.1:8080                         0       1  healthy",
            "[2001:db8::1]:9000-9001                1       2  failed (refused)");
    }

    @Test
    void aDaemonThatSendsNoStatesOfTargetsHasUnknownOnes() {
        press(Key.Kind.ENTER);

        assertThat(text()).contains("RULE mail", "mail.example.com:25                    0       1  unknown");
    }

    @Test
    void errorsAreThoseThatHappened() {
        press(Key.Kind.BACK_TAB);

        assertThat(text()).contains(" Overview   Detail  [Errors]", "mail                         dns_failures                        12",
            "web                          upstream_connect_failed              5").doesNotContain("port_in_use");
    }

    @Test
    void tabsTurnBothWaysAndEscapeReturns() {
        press(Key.Kind.TAB);
        assertThat(board.tab()).isEqualTo(Board.Tab.DETAIL);
        press("l");
        assertThat(board.tab()).isEqualTo(Board.Tab.ERRORS);
        press(Key.Kind.RIGHT);
        assertThat(board.tab()).isEqualTo(Board.Tab.OVERVIEW);
        press("h");
        assertThat(board.tab()).isEqualTo(Board.Tab.ERRORS);
        press(Key.Kind.ESCAPE);
        assertThat(board.tab()).isEqualTo(Board.Tab.OVERVIEW);
    }

    @Test
    void sortsByEachColumnAndBack() {
        assertThat(names()).containsExactly("mail", "web");
        press("r");
        assertThat(names()).containsExactly("web", "mail");
        press("rs");
        assertThat(board.sort()).isEqualTo(Board.Sort.CONNECTIONS);
        assertThat(names()).containsExactly("mail", "web");
        press("s");
        assertThat(names()).containsExactly("web", "mail");
        press("ssss");
        assertThat(board.sort()).isEqualTo(Board.Sort.ERRORS);
        assertThat(names()).containsExactly("mail", "web");
        press("s");
        assertThat(board.sort()).isEqualTo(Board.Sort.NAME);
    }

    @Test
    void theCursorStaysOnItsRuleAndInsideTheList() {
        press("jjjj");
        assertThat(board.index(board.rows())).isEqualTo(1);
        press("r");
        assertThat(names().get(board.index(board.rows()))).isEqualTo("web");
        press(Key.Kind.END);
        press(Key.Kind.HOME);
        press(Key.Kind.PAGE_UP);
        press(Key.Kind.UP);
        assertThat(board.index(board.rows())).isZero();
    }

    @Test
    void sumsInsteadOfRates() {
        press("c");

        assertThat(text()).contains("IN         OUT  FAIL", "5.0 KiB    10.0 KiB     2").doesNotContain("IN/s");
    }

    @Test
    void filterFindsNamesPortsAndTargets() {
        press("/MAIL.ex");
        assertThat(text()).endsWith("/MAIL.ex_");
        assertThat(names()).containsExactly("mail");
        press(Key.Kind.BACKSPACE);
        press(Key.Kind.ENTER);
        assertThat(board.filter()).isEqualTo("MAIL.e");
        press(Key.Kind.ESCAPE);
        assertThat(names()).hasSize(2);
        press("/8000");
        assertThat(names()).containsExactly("web");
        press(Key.Kind.ESCAPE);
        assertThat(board.typing()).isFalse();
        assertThat(board.filter()).isEmpty();
        press("/" + "q".repeat(100));
        assertThat(board.filter()).hasSize(Board.MAX_FILTER);
        assertThat(text()).contains("No rule has 'qqqq");
    }

    @Test
    void nothingMovesWhilePaused() {
        press("p");
        board.take(Lines.parsed(Lines.snapshot(103_000, 1 << 30)));

        assertThat(text()).contains("PAUSED", "2.0 KiB     4.0 KiB");
        press("p");
        board.take(Lines.parsed(Lines.snapshot(104_000, 1024 + 2 * 2048 + 2 * 4096)));
        assertThat(text()).doesNotContain("PAUSED").contains("4.0 KiB     8.0 KiB");
    }

    @Test
    void aDaemonThatBeganAgainStartsFromNothing() {
        board.take(Lines.parsed(Lines.snapshot(103_000, 0)));

        assertThat(board.rows().getLast().history().rateIn()).isZero();
        assertThat(text()).contains("0 B         0 B     2");
    }

    @Test
    void aLostConnectionIsReportedAndForgottenWhenItIsBack() {
        board.lost("Connection refused");
        assertThat(text()).endsWith("No connection, trying again every second: Connection refused").contains("web");

        board.take(Lines.parsed(Lines.HELLO));
        assertThat(text()).doesNotContain("No connection");
    }

    @Test
    void helpIsLeftByAnyKeyAndEndsTakeEffect() {
        press("?");
        assertThat(text()).contains("this help, any key leaves it");
        press("s");
        assertThat(board.sort()).isEqualTo(Board.Sort.NAME);
        press("/q");
        assertThat(board.press(Key.of(Key.Kind.INTERRUPT))).isFalse();
        press(Key.Kind.ESCAPE);
        assertThat(board.press(Key.of('q'))).isFalse();
        assertThat(board.press(Key.of(Key.Kind.GONE))).isFalse();
    }

    @Test
    void waitsForTheFirstSnapshot() {
        Board fresh = new Board();

        assertThat(painter.draw(fresh, 80, 24)).extracting(Screen.Line::text).contains("Waiting for the first snapshot.");
    }

    @Test
    void aHelloForgetsRulesThatHaveGone() {
        board.take(Lines.parsed("{\"v\":1,\"rules\":[]}"));

        assertThat(text()).contains("There are no rules.");
        press("jjs");
        press(Key.Kind.ENTER);
        assertThat(text()).contains("No rule is selected.");
    }
}
